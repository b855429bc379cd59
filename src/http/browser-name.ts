/** Browser and system as a person calls them; brand names, so the same in every language. */
export interface BrowserName {
  readonly browser?: string;
  readonly system?: string;
}

type Names = readonly (readonly [name: string, pattern: RegExp])[];

/** In this order: most browsers name others besides themselves. */
const browsers: Names = [
  ['Edge', /\bEdg(e|A|iOS)?\//],
  ['Opera', /\bOPR\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Firefox', /\b(Firefox|FxiOS)\//],
  ['Chrome', /\b(Chrome|HeadlessChrome|CriOS)\//],
  ['Safari', /\bVersion\/[\d.]+ .*Safari\//],
];

const systems: Names = [
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['Android', /\bAndroid\b/],
  ['Windows', /\bWindows\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['macOS', /\bMac OS X\b/],
  ['Linux', /\bLinux\b/],
];

/** A hint for people who look for what is not theirs, never a proof: anybody can send any User-Agent. */
export function browserName(userAgent = ''): BrowserName {
  const named = (names: Names) => names.find(([, pattern]) => pattern.test(userAgent))?.[0];
  const [browser, system] = [named(browsers), named(systems)];
  return { ...(browser ? { browser } : {}), ...(system ? { system } : {}) };
}
