/** OpenID Connect Core 5.4: which claims a scope releases. acr, amr and auth_time are not in the ID token unless asked for here. */
export const claimsByScope = {
  openid: ['sub', 'acr', 'amr', 'auth_time'],
  profile: ['preferred_username'],
  email: ['email', 'email_verified'],
};
