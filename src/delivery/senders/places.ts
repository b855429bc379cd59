import { isIPv4 } from 'node:net';
import type { CityResponse, Reader } from 'maxmind';
import { networkOf, shortenedAddress } from '../../protection/network.ts';
import type { Places } from '../couriers.ts';

/** Rough places for mails: from the database where one is configured and knows the address, else the address without its end. */
export function places({
  database,
  language,
  report,
}: {
  /** Path of a City or Country database (MMDB); read whole, once. */
  readonly database?: string | undefined;
  /** Names are told in this language or not at all. */
  readonly language: string;
  readonly report: (cause: unknown) => void;
}): Places {
  let opened: Promise<Reader<CityResponse>> | undefined;

  async function find(file: string, address: string): Promise<string | undefined> {
    opened ??= open(file);
    const found = (await opened).get(plain(address));
    const names = [found?.city?.names, found?.country?.names] as readonly (Names | undefined)[];
    return names.flatMap((each) => each?.[language] ?? []).join(', ') || undefined;
  }

  return {
    async of(address) {
      const shortened = shortenedAddress(address);
      if (address === undefined || shortened === undefined || database === undefined) return shortened;
      // A mail that carries a code is worth more than the place in it.
      try {
        return (await find(database, address)) ?? shortened; // guard: unknown-place-shortened
      } catch (cause) {
        report(cause);
        return shortened; // guard: place-failure-costs-no-mail
      }
    },
  };
}

type Names = Readonly<Record<string, string>>;

/** Imported here: only who configured a database pays for the package. */
async function open(file: string): Promise<Reader<CityResponse>> {
  const maxmind = await import('maxmind');
  return maxmind.open<CityResponse>(file);
}

/** Not every database knows IPv4 addresses in IPv6 spelling. */
function plain(address: string): string {
  const network = networkOf(address);
  return isIPv4(network) ? network : address.trim();
}
