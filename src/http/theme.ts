import culori, { type Oklch } from 'culori/require';

/** What an organisation may change about the pages. Colours that would be hard to read are moved, never refused. */
export interface ThemeSettings {
  readonly productName: string;
  /** Six hexadecimal digits after a #. */
  readonly accent: string;
  /** Paths on our own origin: the pages' policy loads nothing from elsewhere. */
  readonly logo?: { readonly light: string; readonly dark?: string };
  readonly links: { readonly help?: string; readonly privacy?: string; readonly terms?: string };
}

/** What became of an accent that could not be read as it was; absent side: it stayed. For the log. */
export interface MovedAccent {
  readonly light?: string;
  readonly dark?: string;
}

export interface Theme extends ThemeSettings {
  readonly styleSheet: string;
  /** As they are used. */
  readonly accents: { readonly light: string; readonly dark: string };
  readonly movedAccent?: MovedAccent;
}

interface Scheme {
  readonly page: string;
  readonly surface: string;
  readonly textOnAccent: string;
  /** Which way lightness moves: away from the page. */
  readonly direction: 1 | -1;
}

interface Accent {
  readonly accent: string;
  readonly hover: string;
  readonly link: string;
}

export const schemes = {
  light: { page: '#f3f4f7', surface: '#ffffff', textOnAccent: '#ffffff', direction: -1 },
  dark: { page: '#0f1217', surface: '#181c23', textOnAccent: '#12142b', direction: 1 },
} as const satisfies Record<string, Scheme>;

export const defaultAccent = '#3538cd';

/** The house colours were chosen by eye; the rule below would give a duller dark side. */
export const houseAccents = {
  light: { accent: defaultAccent, hover: '#26289b', link: defaultAccent },
  dark: { accent: '#a5a8ff', hover: '#c3c5ff', link: '#b0b3ff' },
} as const satisfies Record<string, Accent>;

/** WCAG 2.2, 1.4.3: text of any size. */
const readableContrast = 4.5;
const lightnessStep = 0.01;
const hoverStep = 0.06;
const chromaStep = 0.002;
/** Rounding, in linear light, that no screen shows. */
const gamutTolerance = 0.0005;

const toOklch = culori.converter('oklch');
const toLinear = culori.converter('lrgb');

export function createTheme(settings: ThemeSettings): Theme {
  checkSettings(settings);
  const given = settings.accent.toLowerCase();
  if (given === defaultAccent) return { ...settings, ...drawn(houseAccents.light, houseAccents.dark) };
  const light = readableAccent(given, schemes.light);
  const dark = readableAccent(given, schemes.dark);
  const movedAccent = {
    ...(light.accent === given ? {} : { light: light.accent }),
    ...(dark.accent === given ? {} : { dark: dark.accent }),
  };
  const moved = Object.keys(movedAccent).length > 0;
  return { ...settings, ...drawn(light, dark), ...(moved ? { movedAccent } : {}) };
}

/** Contrast ratio of two colours, 1 to 21 (WCAG 2.2, definition of contrast ratio). */
export function contrast(one: string, other: string): number {
  return culori.wcagContrast(one, other);
}

function checkSettings({ accent, logo, links }: ThemeSettings): void {
  if (!/^#[0-9a-f]{6}$/i.test(accent)) throw new Error(`theme.accent must look like #3538cd, not ${accent}`);
  for (const path of [logo?.light, logo?.dark]) {
    if (path === undefined || /^\/(?![/\\])/.test(path)) continue;
    throw new Error(`theme.logo must be a path on this server such as /assets/logo.svg, not ${path}`);
  }
  for (const [name, link] of Object.entries(links)) {
    if (link === undefined || /^(https?:\/\/|mailto:|\/(?![/\\]))/i.test(link)) continue;
    throw new Error(`theme.links.${name} must be an http, https or mailto address or a path, not ${link}`);
  }
}

function drawn(light: Accent, dark: Accent): Pick<Theme, 'styleSheet' | 'accents'> {
  return { styleSheet: styleSheet(light, dark), accents: { light: light.accent, dark: dark.accent } };
}

function styleSheet(light: Accent, dark: Accent): string {
  return `:root {${declarations(light, schemes.light)}}
@media (prefers-color-scheme: dark) { :root {${declarations(dark, schemes.dark)}} }
`;
}

function declarations({ accent, hover, link }: Accent, { textOnAccent }: Scheme): string {
  return ` --accent: ${accent}; --accent-hover: ${hover}; --accent-text: ${textOnAccent}; --link: ${link}; `;
}

function readableAccent(given: string, scheme: Scheme): Accent {
  const colour = toOklch(given);
  if (!colour) throw new Error(`${given} is no colour`);
  const at = (lightness: number) => toHex({ ...colour, l: clamp(lightness) });
  const readable = (colour: string) =>
    [scheme.page, scheme.surface].every((ground) => contrast(colour, ground) >= readableContrast);
  let steps = 0;
  let accent = given;
  while (!readable(accent)) {
    steps += 1;
    accent = at(colour.l + scheme.direction * lightnessStep * steps);
  }
  const hover = at(colour.l + scheme.direction * (lightnessStep * steps + hoverStep));
  return { accent, hover, link: accent };
}

/** Chroma is cut until the screen can show the colour: hue and lightness are what people recognise. */
function toHex(colour: Oklch): string {
  let chroma = colour.c;
  while (chroma > 0 && !isShown({ ...colour, c: chroma })) chroma = Math.max(0, chroma - chromaStep);
  return culori.formatHex({ ...colour, c: chroma });
}

function isShown(colour: Oklch): boolean {
  const { r, g, b } = toLinear(colour);
  return [r, g, b].every((value) => value >= -gamutTolerance && value <= 1 + gamutTolerance);
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
