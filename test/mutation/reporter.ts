import type { TestEvent } from 'node:test/reporters';

/** One JSON line for each failed test. */
export default async function* failures(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const { type, data } of events) {
    if (type === 'test:fail') yield `${JSON.stringify({ name: data.name, file: data.file })}\n`;
  }
}
