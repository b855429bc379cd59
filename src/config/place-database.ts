import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Begins the metadata, which end the file within its last 128 KiB (MaxMind DB File Format 2.0, "Database Metadata"). */
const marker = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1');
const metadataBytes = 128 * 1024;
/** GeoLite2-City, GeoIP2-Country, DBIP-City-Lite: the name follows its key, after a byte or two that tell its length. */
const placeType = /database_type.{1,60}?(City|Country|Enterprise)/s;

/** The first mail would be too late to find out. What comes before the metadata is not read: a download that broke off has none. */
export function checkPlaceDatabase(file: string | undefined, report: (path: string, sentence: string) => void): void {
  if (file === undefined) return;
  const why = faultOf(file);
  if (why !== undefined) report('mail.placeDatabase', `${file} ${why}`);
}

function faultOf(file: string): string | undefined {
  const end = readEnd(file);
  if (end === undefined) return 'cannot be read; name an MMDB file';
  const at = end.lastIndexOf(marker);
  if (at < 0) return 'is no whole MMDB file; unpack or download it anew';
  return placeType.test(end.toString('latin1', at)) ? undefined : 'holds no places; name a City or a Country database';
}

function readEnd(file: string): Buffer | undefined {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const { size } = fstatSync(descriptor);
      const end = Buffer.alloc(Math.min(size, metadataBytes));
      return end.subarray(0, readSync(descriptor, end, 0, end.length, size - end.length));
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return undefined;
  }
}
