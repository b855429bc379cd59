import { z } from 'zod';
import { browserName } from '../../http/browser-name.ts';
import { defined } from '../../platform/defined.ts';
import type { OwnDevice, OwnDevices } from '../../self-service/own-devices.ts';
import { done, form, fresh } from '../forms/contract.ts';
import { type AccountVisit, postTo, type Section } from './page.ts';

const input = z.object({});

const facts = z.object({
  /** The last used first. */
  devices: z.array(
    z.object({
      id: z.string(),
      current: z.boolean(),
      browser: z.string().exactOptional(),
      system: z.string().exactOptional(),
      place: z.string().exactOptional(),
      since: z.iso.datetime(),
      lastUsedAt: z.iso.datetime(),
    }),
  ),
});

/** Where no code is asked for, and the ways to end that. */
export function devicesSection({ devices }: { readonly devices: OwnDevices }): Section<typeof facts> {
  const forgetOne = form({
    name: 'forget-device',
    path: 'devices/:id/forget',
    guard: fresh('forget_device'),
    input,
    async act({ account, params: { id = '' }, origin }: AccountVisit) {
      return done((await devices.forget(account, id, origin)) ? 'device_forgotten' : 'device_gone');
    },
  });
  const forgetAll = form({
    name: 'forget-devices',
    path: 'devices/forget-all',
    guard: fresh('forget_devices'),
    input,
    async act({ account, origin }: AccountVisit) {
      return done((await devices.forgetAll(account, origin)) ? 'devices_forgotten' : 'device_gone');
    },
  });
  return {
    facts,
    forms: [forgetOne, forgetAll],
    async show({ account, device }) {
      const all = await devices.list(account);
      return {
        facts: { devices: all.map((each) => shown(each, device)) },
        actions: [
          ...all.map(({ id }) => postTo(forgetOne, `forget-device ${id}`, { id })),
          ...(all.length > 1 ? [postTo(forgetAll, 'forget-devices')] : []),
        ],
      };
    },
  };
}

function shown({ id, since, lastUsedAt, browser, place }: OwnDevice, current: string | undefined) {
  return {
    id,
    current: id === current,
    ...browserName(browser),
    ...defined({ place }),
    since: since.toISOString(),
    lastUsedAt: lastUsedAt.toISOString(),
  };
}
