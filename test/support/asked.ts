import type { Asked } from '../../src/sign-in/request.ts';

/** What the plainest authorization request asks for. */
export const asked: Asked = {
  prompt: 'login',
  asksConsent: false,
  scopes: ['openid'],
  leastLevel: '1fa',
  redirectUri: 'https://app.example.com/callback',
};
