import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Config } from '../../src/config/config.ts';
import { account, type TwilioServer, twilioServer } from './twilio-server.ts';
import { startWorld, type World } from './world.ts';

/** A world whose texts go to phones through a server that speaks as Twilio does. */
export interface TextingWorld {
  readonly world: World;
  readonly twilio: TwilioServer;
  /** The newest code that reached any phone. */
  texted(): string;
  /** What Twilio was asked to judge. */
  checks(): number;
}

export async function startTextingWorld(
  t: TestContext,
  sender: 'twilio' | 'twilio-verify',
  more: Partial<Config> = {},
): Promise<TextingWorld> {
  const server = await twilioServer(t);
  const twilio = { ...account, from: '+447400000001', baseUrl: server.url };
  const sms = { sender, countries: ['GB'], twilio, gateway: {} };
  const world = await startWorld(t, { settings: { sms, ...more } });
  world.travel(0);
  return {
    world,
    twilio: server,
    texted: () => /\b\d{6}\b/.exec(server.texts.at(-1)?.body ?? '')?.[0] ?? assert.fail('no text'),
    checks: () => server.asked.filter(({ path }) => path.endsWith('/VerificationCheck')).length,
  };
}
