import Provider, { type AdapterFactory, type Configuration, errors } from 'oidc-provider';
import type { ClientSettings, PrivateJwks } from '../config/config.ts';
import { clientMetadata } from './clients.ts';
import { offered } from './provider.ts';

interface Given {
  readonly issuer: string;
  readonly jwks: PrivateJwks;
  readonly clients: readonly ClientSettings[];
}

/** Nothing is kept of what is only looked at. */
const nowhere = (() => ({ find: async () => undefined })) as unknown as AdapterFactory;

/** Our names for what is called otherwise in clients.yaml. */
const fields: Readonly<Record<string, string>> = {
  client_id: 'clientId',
  client_name: 'name',
  client_secret: 'secretEnv',
  scope: 'scopes',
  id_token_signed_response_alg: 'idTokenAlg',
};

/** What the library refuses of a client, for all of them at once: it would stop at the first, and not before a sign-in asks for it. */
export async function refusedClients({ issuer, jwks, clients }: Given): Promise<readonly string[]> {
  const provider = new Provider(issuer, {
    adapter: nowhere,
    ...offered,
    jwks: structuredClone(jwks) as NonNullable<Configuration['jwks']>,
    features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true } },
    clients: clients.map(clientMetadata),
  });
  const faults = await Promise.all(clients.map((client) => faultOf(provider, client)));
  return faults.filter((fault) => fault !== undefined);
}

/** A client is built when it is first looked for. */
async function faultOf(provider: Provider, client: ClientSettings): Promise<string | undefined> {
  try {
    await provider.Client.find(client.clientId);
    return undefined;
  } catch (error) {
    if (!(error instanceof errors.InvalidClientMetadata)) throw error;
    return sentence(client, error.error_description ?? error.message);
  }
}

function sentence({ clientId }: ClientSettings, description: string): string {
  const [name = ''] = /[a-z]+(?:_[a-z]+)+|\bscope\b/.exec(description) ?? [];
  const field = fields[name] ?? name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  return `client ${clientId}${field ? `, ${field}` : ''}: ${description.replace(name, '').replace(/\s+/g, ' ').trim()}`;
}
