/** The models of oidc-provider that are kept, and by what besides its id each is looked up or revoked. */
export interface OidcModel {
  readonly model: string;
  readonly fields: readonly ('uidHash' | 'userCodeHash' | 'grantIdHash' | 'accountId')[];
}

export const lookups: readonly OidcModel[] = [
  { model: 'Grant', fields: ['accountId'] },
  { model: 'AuthorizationCode', fields: ['grantIdHash'] },
  { model: 'AccessToken', fields: ['grantIdHash'] },
  { model: 'RefreshToken', fields: ['grantIdHash'] },
  { model: 'DeviceCode', fields: ['grantIdHash', 'userCodeHash'] },
  { model: 'PushedAuthorizationRequest', fields: [] },
  { model: 'ReplayDetection', fields: [] },
  { model: 'Client', fields: [] },
];

/** In one row with what is ours (library-sessions.ts, library-interactions.ts). */
const joined: readonly OidcModel[] = [
  { model: 'Session', fields: [] },
  { model: 'Interaction', fields: [] },
];

/** Throws for a model that nobody made indexes for: better at its first use than as a scan of everything later. */
export function loadModel(name: string): OidcModel {
  const found = [...lookups, ...joined].find(({ model }) => model === name);
  if (!found) throw new Error(`oidc-provider's model ${name} is not kept: add it to oidc-models.ts`);
  return found;
}
