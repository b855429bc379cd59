import { linesOf } from './mutation.ts';

const inputs = 'test/unit/input.test.ts';

export const input = [
  ...linesOf(
    'src/http/input.ts',
    [inputs],
    [
      {
        why: 'A value in the address is refused.',
        find: "  if (ctx.querystring !== '') throw refused(first ?? '');\n",
        replace: '',
      },
      {
        why: 'A field that a form does not have is refused, operators included.',
        find: '!fields.includes(name) || seen.has(name)',
        replace: 'seen.has(name)',
      },
      {
        why: 'A field that comes twice is refused.',
        find: '!fields.includes(name) || seen.has(name)',
        replace: '!fields.includes(name)',
      },
      {
        why: 'A value is well-formed text of at most a kilobyte.',
        find: '  if (!isTyped(name) && Buffer.byteLength(value) > mostValueBytes) return false;\n',
        replace: '',
      },
      {
        why: 'A NUL stands in no field but a password.',
        find: "return name === 'password' || !value.includes('\\0');",
        replace: 'return true;',
      },
      {
        why: 'A body that announces too much is refused at once.',
        find: "  if (Number(ctx.req.headers['content-length'] ?? 0) > mostBytes) throw new Problem('too_large', 413);\n",
        replace: '',
        secondGuardOf: 'A body that does not announce its length is cut.',
      },
      {
        why: 'A body that does not announce its length is cut.',
        find: 'getRawBody(ctx.req, { limit: mostBytes })',
        replace: 'getRawBody(ctx.req)',
      },
      {
        why: 'Bytes that are no UTF-8 are refused.',
        find: "new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })",
        replace: "new TextDecoder('utf-8', { ignoreBOM: true })",
      },
      {
        why: 'A compressed body is refused.',
        find: "&& ['', 'identity'].includes(encoding)",
        replace: '',
      },
      {
        why: 'A JSON value that is no text is refused.',
        find: "  for (const [name, value] of pairs) if (typeof value !== 'string') throw refused(name);\n",
        replace: '',
        tests: [inputs, 'test/flow/bad-input.test.ts'],
      },
      {
        why: 'Of two equal names in JSON none wins.',
        find: '  refuseRepeatedNames(text, pairs.length);\n',
        replace: '',
      },
      {
        why: 'The first name that no form has ends the reading.',
        find: '  for (const [name] of pairs) if (!fields.includes(name)) throw refused(name);\n',
        replace: '',
      },
      {
        why: 'A value is never told as the name of a field.',
        find: '    if (colon === undefined) continue;\n',
        replace: '',
      },
      {
        why: 'A JSON array or null is no form.',
        find: 'parsed === null || Array.isArray(parsed)',
        replace: 'parsed === null',
      },
    ],
  ),
  ...linesOf(
    'src/http/request-target.ts',
    ['test/unit/request-target.test.ts'],
    [
      {
        why: 'How much a stranger’s request leaves is bounded.',
        find: "    if (ctx.originalUrl.length > longest) throw new Problem('too_large', 414);\n",
        replace: '',
      },
      {
        why: 'An address in another spelling does not exist.',
        find: 'return isOwnSpelling(ctx.path) ? next() : undefined;',
        replace: 'return next();',
      },
      {
        why: 'A slash more is another spelling.',
        find: "return spelled.test(path.replace(named, '/$1'));",
        replace: "return spelled.test(path.replace(named, '/$1').replace(/(.)\\/$/, '$1'));",
      },
      {
        why: 'Capitals are another spelling.',
        find: "return spelled.test(path.replace(named, '/$1'));",
        replace: "return spelled.test(path.replace(named, '/$1').toLowerCase());",
      },
      {
        why: 'An encoded letter is another spelling.',
        find: "return spelled.test(path.replace(named, '/$1'));",
        replace: "return spelled.test(path.replace(named, '/$1').replaceAll('%', ''));",
      },
    ],
  ),
  ...linesOf(
    'src/http/mail.ts',
    ['test/unit/mails.test.ts'],
    [
      {
        why: 'No fact stands in a mail as it came.',
        find: "typeof value === 'string' ? plainName(value) : value",
        replace: 'value',
      },
      {
        why: 'A product’s name stands in a mail as plain text.',
        find: 'const product = plainName(productName);',
        replace: 'const product = productName;',
      },
      {
        why: 'A mail names a browser by our words alone.',
        find: 'browser: browserWords(texts, given.browser) };',
        replace: 'browser: given.browser };',
      },
    ],
  ),
  ...linesOf(
    'src/http/render.ts',
    ['test/unit/mails.test.ts'],
    [
      {
        why: 'A product’s name stands in a text to a phone as plain text.',
        find: 'product: plainName(theme.productName) }),',
        replace: 'product: theme.productName }),',
      },
    ],
  ),
  ...linesOf(
    'src/platform/plain-text.ts',
    ['test/unit/plain-text.test.ts'],
    [
      {
        why: 'Nothing unseen, no markup and no address is left in a name.',
        find: "name.replace(strange, ' ')",
        replace: 'name',
      },
      {
        why: 'Nothing is left in a name that a mail program makes a link of.',
        find: ".replace(linking, ' ')",
        replace: '',
      },
      {
        why: 'A name in a mail is short.',
        find: 'return characters.length > longestName ? ',
        replace: "return characters.length < 0 ? '' + ",
      },
    ],
  ),
  ...linesOf(
    'src/cli/printed.ts',
    ['test/unit/command-line-answers.test.ts'],
    [
      {
        why: 'No name is a command for the terminal.',
        find: 'withoutUnseen(line)',
        replace: 'line',
      },
      {
        why: 'No name is a command for the terminal in JSON either.',
        find: '.replace(unseen, escaped)',
        replace: '',
      },
    ],
  ),
  ...linesOf(
    'src/http/texts.ts',
    ['test/unit/texts.test.ts'],
    [
      {
        why: 'What is put into a rich text is escaped.',
        find: '{escapeMarkup(value)}</bdi>',
        replace: '{value}</bdi>',
      },
    ],
  ),
];
