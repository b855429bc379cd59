import process from 'node:process';
import { createRelyingParty } from './app.ts';

const issuer = process.env.TWOFOLD_ISSUER ?? 'http://localhost:3000';
const ownUrl = (process.env.TWOFOLD_DEMO_URL ?? 'http://localhost:3001').replace(/\/$/, '');
const clientSecret = process.env.TWOFOLD_DEMO_CLIENT_SECRET;

if (!clientSecret) {
  console.error(
    'TWOFOLD_DEMO_CLIENT_SECRET is not set: start this by `npm start`, or give the secret of the client "demo".',
  );
  process.exit(78);
}

const port = Number(new URL(ownUrl).port || 80);
const server = createRelyingParty({ issuer, ownUrl, clientId: 'demo', clientSecret }).listen(port, '127.0.0.1');
server.once('error', (error) => {
  console.error(`The demo cannot listen on port ${port}: ${error.message}`);
  process.exit(1);
});

function end(): void {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
}
process.once('SIGINT', end);
process.once('SIGTERM', end);
// Whoever started this by a channel is gone.
process.once('disconnect', end);
