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

interface Oklch {
  readonly lightness: number;
  readonly chroma: number;
  readonly hue: number;
}

type Rgb = readonly [number, number, number];

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
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
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
  const { chroma, hue, lightness } = toOklch(given);
  const at = (value: number) => toHex({ lightness: clamp(value), chroma, hue });
  const readable = (colour: string) =>
    [scheme.page, scheme.surface].every((ground) => contrast(colour, ground) >= readableContrast);
  let steps = 0;
  let accent = given;
  while (!readable(accent)) {
    steps += 1;
    accent = at(lightness + scheme.direction * lightnessStep * steps);
  }
  const hover = at(lightness + scheme.direction * (lightnessStep * steps + hoverStep));
  return { accent, hover, link: accent };
}

function luminance(colour: string): number {
  const [red, green, blue] = toLinear(colour);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function toLinear(colour: string): Rgb {
  const channel = (start: number) => {
    const value = Number.parseInt(colour.slice(start, start + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

/** OKLab by Bjorn Ottosson, in the matrices of CSS Color 4, section "Sample code for color conversions". */
function toOklch(colour: string): Oklch {
  const [red, green, blue] = toLinear(colour);
  const long = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const medium = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const short = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  const a = 1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short;
  const b = 0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short;
  const lightness = 0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short;
  return { lightness, chroma: Math.hypot(a, b), hue: Math.atan2(b, a) };
}

function oklchToLinear({ lightness, chroma, hue }: Oklch): Rgb {
  const a = chroma * Math.cos(hue);
  const b = chroma * Math.sin(hue);
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
  ];
}

/** Chroma is cut until the screen can show the colour: hue and lightness are what people recognise. */
function toHex(colour: Oklch): string {
  let chroma = colour.chroma;
  let linear = oklchToLinear({ ...colour, chroma });
  while (chroma > 0 && !linear.every((value) => value >= -0.0005 && value <= 1.0005)) {
    chroma = Math.max(0, chroma - 0.002);
    linear = oklchToLinear({ ...colour, chroma });
  }
  return `#${linear.map(toByte).join('')}`;
}

function toByte(linear: number): string {
  const value = clamp(linear);
  const encoded = value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055;
  return Math.round(encoded * 255)
    .toString(16)
    .padStart(2, '0');
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
