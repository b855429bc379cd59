import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../views/public', import.meta.url));

/** A plain name: no folder, and nothing that an address writes in another way than the disk. */
const ours = /^\/assets\/([A-Za-z0-9_-][A-Za-z0-9._-]*\.(?:svg|png|webp|jpe?g|gif))$/;

export interface Logo {
  readonly light: string;
  readonly dark?: string;
}

/** Told at start: a page would show an empty place, and a person would wonder whose page it is. */
export function checkLogo(logo: Logo | undefined, report: (path: string, sentence: string) => void): void {
  for (const [side, path] of Object.entries(logo ?? {})) {
    const why = faultOf(path);
    if (why !== undefined) report(`theme.logo.${side}`, why);
  }
}

function faultOf(path: string): string | undefined {
  const [, name] = ours.exec(path) ?? [];
  if (name === undefined)
    // guard: logo-own-origin
    return 'must be /assets/<name> of a picture in views/public/ (svg, png, webp, jpg, gif): pages load nothing from elsewhere';
  return existsSync(`${folder}/${name}`) ? undefined : `names ${name}, which is not in views/public/; put it there`;
}
