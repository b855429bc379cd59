import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import jsqr from 'jsqr';
import type { BrowserContext, Page } from 'playwright-core';
import { PNG } from 'pngjs';

interface Measured {
  readonly width: number;
  readonly scrollWidth: number;
  /** Controls under 44 px; links within a sentence are exempt (WCAG 2.2, 2.5.8 Inline). */
  readonly small: readonly string[];
  /** Text under 16 px. */
  readonly tiny: readonly string[];
  readonly h1: number;
  readonly filled: number;
  /** Text that does not fit its box. */
  readonly cut: readonly string[];
}

const script = `(() => {
  const name = (element) => element.outerHTML.slice(0, 100);
  const seen = (element) => element.getClientRects().length > 0;
  const all = [...document.body.querySelectorAll('*')].filter((element) => element.type !== 'hidden' && seen(element));
  const area = (element) => (element.type === 'checkbox' ? element.closest('label') : element).getBoundingClientRect();
  const controls = all.filter((element) => element.matches('a, button, input, select, summary'));
  const texts = all.filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
  return {
    width: document.documentElement.clientWidth,
    scrollWidth: document.documentElement.scrollWidth,
    small: controls.filter((element) => area(element).height < 44 || area(element).width < 24).map(name),
    tiny: [...texts, ...controls].filter((element) => parseFloat(getComputedStyle(element).fontSize) < 16).map(name),
    h1: document.querySelectorAll('h1').length,
    filled: document.querySelectorAll('.button:not(.plain)').length,
    cut: texts.filter((element) => element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== 'inline').map(name),
  };
})()`;

export async function measure(page: Page): Promise<Measured> {
  return (await page.evaluate(script)) as Measured;
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Axe into every document of this context from its beginning: sent along with each question it costs more than the answer. */
export function bringAxe(context: BrowserContext): Promise<unknown> {
  return context.addInitScript(axe);
}

/** What axe-core finds, one line a fault; the page's context has brought it. */
export async function faults(page: Page): Promise<readonly string[]> {
  const found = await page.evaluate(`axe.run().then((result) => result.violations.map(
    (violation) => violation.id + ': ' + violation.nodes.map((node) => node.html + ' ' + node.failureSummary).join(' | ')))`);
  return found as readonly string[];
}

export function readQr(screenshot: Buffer): string | undefined {
  const { data, width, height } = PNG.sync.read(screenshot);
  return jsqr.default(new Uint8ClampedArray(data), width, height)?.data;
}
