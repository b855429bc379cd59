import { hashId } from '../../src/platform/hash.ts';
import { rowsOf } from './database.ts';
import { placeOf, tabOf, type Walk } from './fuzz-book.ts';

interface Held {
  readonly _id?: unknown;
  readonly purpose?: unknown;
  readonly deliveredCode?: { readonly destination?: string };
}

/** Whatever was sent meanwhile was sent for the place where this browser stood; what was sent before may have moved here. */
export async function noteSent(walk: Walk, act: () => Promise<unknown>): Promise<void> {
  const place = placeOf(tabOf(walk));
  const { mails, texts } = walk.world.outbox;
  const [mailed, texted] = [mails.length, texts.length];
  await act();
  const [code] = [...codesOf(mails.slice(mailed), inMail), ...codesOf(texts.slice(texted), inText)].map(
    ({ code }) => code,
  );
  if (code !== undefined) walk.sent.set(place, code);
  await noteMoved(walk);
}

/** Where nothing may be sent the newest unspent code of this browser to the same destination comes along, and is none where it was. */
async function noteMoved(walk: Walk): Promise<void> {
  const browser = tabOf(walk);
  const place = placeOf(browser);
  if (browser.page.facts.earlier !== true || walk.sent.has(place)) return;
  const destination = await destinationAt(walk, place);
  const spent = [...walk.spent].map((key) => key.slice(key.lastIndexOf(' ') + 1));
  const moved = messages(walk).findLast(({ to, code }) => to === destination && !spent.includes(code))?.code;
  if (moved === undefined) return;
  for (const [other, code] of walk.sent) if (code === moved) walk.sent.delete(other);
  walk.sent.set(place, moved);
}

async function destinationAt({ world }: Walk, place: string): Promise<string | undefined> {
  const rows = (await rowsOf(world.database, 'attempts')) as readonly Held[];
  const here = rows.find(({ _id, purpose }) => (place === 'account' ? purpose === 'change' : _id === hashId(place)));
  return here?.deliveredCode?.destination;
}

interface Message {
  readonly to: string;
  readonly text: string;
}

const inMail = /^\s*(\d{6})\s*$/m;
const inText = /^(\d{6})/;

function messages({ world: { outbox } }: Walk): readonly { readonly to: string; readonly code: string }[] {
  return [...codesOf(outbox.mails, inMail), ...codesOf(outbox.texts, inText)];
}

function codesOf(messages: readonly Message[], pattern: RegExp) {
  return messages.flatMap(({ to, text }) => {
    const code = pattern.exec(text)?.[1];
    return code === undefined ? [] : [{ to, code }];
  });
}
