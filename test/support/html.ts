import type { Browser } from './browser.ts';

/** As a person sees it: the pages themselves instead of their JSON twins, which tell no typed values. */
export async function seen(browser: Browser, act: () => Promise<Browser>): Promise<string> {
  browser.headers.accept = 'text/html';
  try {
    return (await act()).text;
  } finally {
    delete browser.headers.accept;
  }
}

/** What stands in a field of the page; undefined: it has no such field. */
export function typedIn(html: string, field: string): string | undefined {
  const [input] = new RegExp(`<input[^>]* name="${field}"[^>]*>`).exec(html) ?? [];
  return input && (/ value="([^"]*)"/.exec(input)?.[1] ?? '');
}
