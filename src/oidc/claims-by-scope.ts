/** OpenID Connect Core 5.4: which claims a scope releases. acr, amr, auth_time and remembered_since are not in the ID token unless asked for here. */
export const claimsByScope = {
  openid: ['sub', 'acr', 'amr', 'auth_time', 'remembered_since'],
  profile: ['preferred_username'],
  email: ['email', 'email_verified'],
};
