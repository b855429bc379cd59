import { errors } from 'oidc-provider';

/** RFC 9470 section 5: what was asked cannot be met, and another round would not change that. */
export class UnmetAuthenticationRequirements extends errors.OIDCProviderError {
  constructor() {
    super(400, 'unmet_authentication_requirements');
    this.error_description = 'the requested authentication context cannot be met';
  }
}

/** An outage as the library passes it on: 503, told to the person here, never as a redirect that would blame the client. */
export function unavailable(cause: unknown): Error {
  const error = new errors.TemporarilyUnavailable('try again soon', { cause, detail: 'storage' });
  return Object.assign(error, { status: 503, statusCode: 503, expose: true, allow_redirect: false });
}

/** Runs what the library's own code calls in our ports, where a driver's plain error would become a 500. */
export type Shield = <T>(work: () => Promise<T>) => Promise<T>;

/** Outages become the library's 503; a bug stays what it is. */
export function shieldFrom(isOutage: (error: unknown) => boolean): Shield {
  return async (work) => {
    try {
      return await work();
    } catch (cause) {
      throw isOutage(cause) ? unavailable(cause) : cause;
    }
  };
}

/** The library's own errors, for the adapter that must throw them and may not import it. */
export const adapterErrors = {
  InvalidGrant: errors.InvalidGrant,
  SessionNotFound: errors.SessionNotFound,
  LoginRequired: errors.LoginRequired,
  unavailable,
};
