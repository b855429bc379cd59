/** Where each model of oidc-provider is kept, and by what besides its id it is looked up or revoked. */
export interface OidcModel {
  readonly model: string;
  readonly collection: string;
  readonly fields: readonly ('uidHash' | 'userCodeHash' | 'grantIdHash' | 'accountId')[];
}

export const lookups: readonly OidcModel[] = [
  { model: 'Grant', collection: 'oidc_grant', fields: ['accountId'] },
  { model: 'AuthorizationCode', collection: 'oidc_authorization_code', fields: ['grantIdHash'] },
  { model: 'AccessToken', collection: 'oidc_access_token', fields: ['grantIdHash'] },
  { model: 'RefreshToken', collection: 'oidc_refresh_token', fields: ['grantIdHash'] },
  { model: 'DeviceCode', collection: 'oidc_device_code', fields: ['grantIdHash', 'userCodeHash'] },
  { model: 'PushedAuthorizationRequest', collection: 'oidc_pushed_authorization_request', fields: [] },
  { model: 'ReplayDetection', collection: 'oidc_replay_detection', fields: [] },
  { model: 'Client', collection: 'oidc_client', fields: [] },
];

/** Half of a row of ours (library-sessions.ts, library-interactions.ts). */
const halves: readonly OidcModel[] = [
  { model: 'Session', collection: 'sessions', fields: [] },
  { model: 'Interaction', collection: 'attempts', fields: [] },
];

/** Throws for a model that nobody made indexes for: better at its first use than as a scan of everything later. */
export function loadModel(name: string): OidcModel {
  const found = [...lookups, ...halves].find(({ model }) => model === name);
  if (!found) throw new Error(`oidc-provider's model ${name} has no collection: add it to oidc-models.ts`);
  return found;
}
