import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { withoutUnseen } from '../platform/plain-text.ts';
import { NotDone } from './command.ts';

export interface Terminal {
  /** Somebody sits there and can be asked. */
  readonly interactive: boolean;
  ask(question: string): Promise<string>;
  /** What is typed is not shown. */
  askHidden(question: string): Promise<string>;
  /** All of standard input, without its last line break. */
  read(): Promise<string>;
}

export interface Streams {
  readonly input: NodeJS.ReadStream;
  /** Questions go beside the answer, which may be read by a program. */
  readonly output: NodeJS.WritableStream;
}

export function terminal({ input, output }: Streams): Terminal {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });

  /** readline in terminal mode takes the echo over from the terminal: what it writes goes `shown`, or nowhere. */
  const question = (prompt: string, shown: NodeJS.WritableStream): Promise<string> => {
    const lines = createInterface({ input, output: shown, terminal: true, historySize: 0 });
    return new Promise((resolve, reject) => {
      lines.once('close', () => reject(new NotDone('Nothing was changed.')));
      if (shown === nowhere) output.write(prompt);
      lines.question(shown === nowhere ? '' : prompt, (answer) => {
        resolve(answer);
        lines.close();
        if (shown === nowhere) output.write('\n');
      });
    });
  };

  return {
    interactive: input.isTTY === true,
    ask: (prompt) => question(withoutUnseen(prompt), output),
    askHidden: (prompt) => question(prompt, nowhere),
    read: async () => (await text(input)).replace(/\r?\n$/, ''),
  };
}
