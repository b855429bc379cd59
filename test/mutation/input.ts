import { guarded } from './mutation.ts';

const inputUnit = 'test/unit/input.test.ts';
const badInput = 'test/flow/bad-input.test.ts';
const requestTarget = 'test/unit/request-target.test.ts';
const mails = 'test/unit/mails.test.ts';
const plainText = 'test/unit/plain-text.test.ts';
const commandLineAnswers = 'test/unit/command-line-answers.test.ts';
const texts = 'test/unit/texts.test.ts';

export const input = [
  ...guarded(
    [inputUnit],
    [
      { guard: 'query-input-refused' },
      { guard: 'unknown-field-refused', replace: ['!names.includes(name) || ', ''] },
      { guard: 'repeated-field-refused', replace: [' || seen.has(name)', ''] },
      { guard: 'value-well-formed-short' },
      { guard: 'nul-in-password-alone', replace: ["isPassword === true || !value.includes('\\0')", 'true'] },
      { guard: 'announced-body-bounded', secondGuardOf: 'unannounced-body-cut' },
      { guard: 'unannounced-body-cut', replace: [', { limit: mostBytes }', ''] },
      { guard: 'invalid-utf8-refused', replace: ['fatal: true, ', ''] },
      { guard: 'compressed-body-refused', replace: ["&& ['', 'identity'].includes(encoding)", ''] },
      { guard: 'json-text-values', tests: [inputUnit, badInput] },
      { guard: 'json-name-once' },
      { guard: 'first-unknown-name-ends' },
      { guard: 'value-never-told-as-name' },
      { guard: 'json-object-alone', replace: [' || Array.isArray(parsed)', ''] },
    ],
  ),
  ...guarded(
    [requestTarget],
    [
      { guard: 'stored-request-bounded' },
      { guard: 'other-spelling-not-found', replace: ['isOwnSpelling(ctx.path) ? next() : undefined', 'next()'] },
      { guard: 'extra-slash-not-found', replace: ['))', ").replace(/(.)\\/$/, '$1'))"] },
      { guard: 'capitals-not-found', replace: ['))', ').toLowerCase())'] },
      { guard: 'encoded-letter-not-found', replace: ['))', ").replaceAll('%', ''))"] },
    ],
  ),
  ...guarded(
    [mails],
    [
      { guard: 'mail-facts-plain', replace: ['isName(name, value) ? plainName(value) : ', ''] },
      { guard: 'mail-product-plain', replace: ['plainName(productName)', 'productName'] },
      { guard: 'mail-browser-own-words', replace: ['browserWords(texts, given.browser)', 'given.browser'] },
    ],
  ),
  ...guarded(
    [mails],
    [{ guard: 'text-product-plain', replace: ['plainName(theme.productName)', 'theme.productName'] }],
  ),
  ...guarded(
    [plainText],
    [
      { guard: 'names-plain', replace: [".replace(strange, ' ')", ''] },
      { guard: 'names-no-mail-links', replace: [".replace(linking, ' ')", ''] },
      { guard: 'mail-names-short', replace: ['> longestName ?', "< 0 ? '' +"] },
    ],
  ),
  ...guarded(
    [commandLineAnswers],
    [
      { guard: 'terminal-text-plain', replace: ['withoutUnseen(line)', 'line'] },
      { guard: 'terminal-json-plain', replace: ['.replace(unseen, escaped)', ''] },
    ],
  ),
  ...guarded([texts], [{ guard: 'rich-text-escaped', replace: ['escapeMarkup(value)', 'value'] }]),
];
