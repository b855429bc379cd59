import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalPhone, countryOf, isPremium, maskedPhone, phoneFault } from '../../src/accounts/phone.ts';

const british = '+447400123456';

const spellings = [
  british,
  '+44 7400 123456',
  '  +44-7400-123456 ',
  '+44 (0)7400 123 456',
  '+44.7400/123456',
  '\u202a+44\u00a07400\u202f123456\u202c',
  '\uff0b\uff14\uff14 \uff17\uff14\uff10\uff10 \uff11\uff12\uff13\uff14\uff15\uff16',
  '+\u0664\u0664 \u0667\u0664\u0660\u0660 \u0661\u0662\u0663\u0664\u0665\u0666',
  '+44 7400\u2212123\u2010456',
];
for (const typed of spellings) {
  test(`a phone has one spelling: ${JSON.stringify(typed)}`, () => {
    assert.equal(canonicalPhone(typed), british);
  });
}

const noPhones: Record<string, string> = {
  nothing: '',
  'a plus alone': '+',
  'no country code': '07400 123456',
  'an international prefix instead of a plus': '0044 7400 123456',
  'a letter in place of a zero': '+44 74O0 123456',
  'a word of letters': '+1 800 FLOWERS',
  'an extension': '+44 20 7946 0958 ext. 5',
  'an extension behind a hash': '+44 20 7946 0958#5',
  'a tel address': 'tel:+447400123456',
  'two numbers': '+447400123456,+447400123457',
  'two numbers and a blank': '+447400123456 +447400123457',
  'two pluses': '++447400123456',
  'a plus in the middle': '44+7400123456',
  'a line break': '+447400\n123456',
  'a null byte': '+447400123456\u0000',
  'sixteen digits': '+4474001234567890',
  'a thousand digits': `+44${'7'.repeat(1000)}`,
  'a thousand blanks': `+44${' '.repeat(1000)}7400123456`,
  'too few digits': '+44 7400 123',
  'a country code of nobody': '+999 123456789',
  'a number that is given to films': '+44 7700 900123',
  'a mail address': 'ada@example.com',
};
for (const [what, typed] of Object.entries(noPhones)) {
  test(`[check 91] ${what} is no phone`, () => {
    assert.equal(canonicalPhone(typed), undefined);
  });
}

test('the country is that of the number, not of its calling code', () => {
  const countries = {
    [british]: 'GB',
    '+447797712345': 'JE',
    '+447911123456': 'GG',
    '+12025550123': 'US',
    '+18765551234': 'JM',
    '+77011234567': 'KZ',
    '+79161234567': 'RU',
    '+881612345678': undefined,
    '+44': undefined,
  };
  for (const [number, country] of Object.entries(countries)) assert.equal(countryOf(number), country, number);
});

test('[check 107] premium, shared cost and unknown numbers are told', () => {
  for (const number of ['+449098790000', '+491801234567', '+19005551234', '+979123456789', '+882123456789', '+44', ''])
    assert.equal(isPremium(number), true, number);
  for (const number of [british, '+12025550123', '+4915123456789']) assert.equal(isPremium(number), false, number);
});

test('[check 107] a text goes to a mobile phone of a listed country and nowhere else', () => {
  const listed = ['GB', 'US', 'DE'];
  const judged = {
    [british]: undefined,
    '+12025550123': undefined,
    '+4915123456789': undefined,
    '+447797712345': 'country_blocked',
    '+18765551234': 'country_blocked',
    '+33612345678': 'country_blocked',
    '+881612345678': 'country_blocked',
    '+449098790000': 'premium',
    '+19005551234': 'premium',
    '+979123456789': 'premium',
    '+442079460958': 'not_a_number',
    '+18005551234': 'not_a_number',
    '+44 7400 123456': 'not_a_number',
    '+447700900123': 'not_a_number',
    'ada@example.com': 'not_a_number',
  };
  for (const [number, fault] of Object.entries(judged)) assert.equal(phoneFault(number, listed), fault, number);
  assert.equal(phoneFault(british, []), 'country_blocked');
});

test('a masked number shows its last two digits, however long it is', () => {
  assert.equal(maskedPhone(british), '…56');
  assert.equal(maskedPhone('+3712123456'), '…56');
});
