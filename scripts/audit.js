import { readFileSync } from 'node:fs';
import { root } from './set-up/dependencies.js';
import { environmentOutside, reasonIn, run } from './set-up/run.js';

/** Known faults of the locked packages, as the registry tells them. A step of `npm test`. */

const limitMs = 60_000;
const grave = new Set(['high', 'critical']);

/** What is known and put up with until a day, each with its reason: `[{ "advisory": "GHSA-...", "until": "2027-01-31", "reason": "..." }]`. */
const exceptions = () => JSON.parse(readFileSync(new URL('audit-exceptions.json', import.meta.url), 'utf8'));

/** Gives what to print and the exit code. A registry that does not answer fails nothing: who is offline may test. */
export async function audit(given = {}) {
  const { cwd = root, registry, today = new Date() } = given;
  const args = ['audit', '--json', '--fetch-retries=0', ...(registry ? [`--registry=${registry}`] : [])];
  const { output } = await run('npm', args, { cwd, timeout: limitMs, env: environmentOutside() });
  const report = parsed(output);
  if (!report?.vulnerabilities)
    return { code: 0, lines: [`Audit: not looked at, because the registry tells nothing (${reason(report, output)})`] };
  const faults = faultsOf(report.vulnerabilities, given.exceptions ?? exceptions(), today);
  if (faults.length === 0) return { code: 0, lines: ['Audit: fine'] };
  return { code: 1, lines: [...faults, 'Audit: FAILED, so this run will end with exit code 1'] };
}

/** Grave, with a mend at hand, and not put up with: what cannot be mended must not stop the work. */
export function faultsOf(vulnerabilities, excepted, today) {
  const until = new Map(excepted.map((one) => [one.advisory, one.until]));
  const putUpWith = (advisory) => (until.get(advisory) ?? '') >= today.toISOString().slice(0, 10);
  const told = Object.values(vulnerabilities)
    .filter(({ fixAvailable }) => fixAvailable !== false)
    // A text in `via` names another package, which is told by itself.
    .flatMap(({ name, via }) => via.filter((one) => grave.has(one.severity)).map((one) => ({ name, ...named(one) })))
    .filter(({ advisory }) => !putUpWith(advisory));
  return told.map(({ name, advisory, severity, title }) => `Audit: ${name}: ${severity}, ${advisory}, ${title}`);
}

function named({ url, severity, title }) {
  return { advisory: url.split('/').at(-1), severity, title };
}

/** npm writes its warnings before the JSON. */
function parsed(output) {
  try {
    return JSON.parse(output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1));
  } catch {
    return undefined;
  }
}

function reason(report, output) {
  return report?.message ?? report?.error?.summary ?? reasonIn(output);
}
