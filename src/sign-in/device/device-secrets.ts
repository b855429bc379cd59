import type { Cipher } from '../../platform/cipher.ts';
import { randomId } from '../../platform/random.ts';
import type { DeviceSecrets } from './remembered-devices.ts';

export function deviceSecrets({ cipher }: { readonly cipher: Pick<Cipher, 'mac'> }): DeviceSecrets {
  return {
    begin: () => randomId(32), // guard: device-secret-random
    after: ({ id, secret }) => cipher.mac(secret, `remembered-device:${id}`), // guard: next-device-secret-keyed
  };
}
