import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env, getuid } from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { generate } from 'selfsigned';
import { freePort } from './free-port.ts';

const startLimitMs = 60_000;

/** Another address than any client's, so that a test can tell whose address was taken for the client's. */
export const proxyAddress = '127.0.0.9';

/** A test, or all of a file by node:test itself: what it started ends with it. */
export interface Ending {
  after(end: () => void | Promise<void>): void;
}

/** Where an nginx will listen: https outside, and the plain port that only leads there. */
export interface Front {
  readonly origin: string;
  readonly port: number;
  readonly plainPort: number;
}

export interface Nginx extends Front {
  /** All that it wrote: its own errors and whatever requests it logged. */
  written(): Promise<string>;
}

export async function chooseFront(): Promise<Front> {
  const port = await freePort();
  return { origin: `https://localhost:${port}`, port, plainPort: await freePort() };
}

/** A real nginx with the server blocks that we give operators, in front of what answers at `upstream`. */
export async function startNginx(t: Ending, front: Front, upstream: string): Promise<Nginx> {
  const folder = await mkdtemp(join(tmpdir(), 'twofold-nginx-'));
  const { key, cert } = await certificate();
  await writeFile(join(folder, 'privkey.pem'), key, { mode: 0o600 });
  await writeFile(join(folder, 'fullchain.pem'), cert);
  await writeFile(join(folder, 'twofold.conf'), await serverBlocks({ ...front, folder, upstream }));
  await writeFile(join(folder, 'nginx.conf'), around);
  const stderr = await run(t, folder, front.port);
  const accessLog = () => readFile(join(folder, 'access.log'), 'utf8');
  return { ...front, written: async () => `${stderr.join('')}${await accessLog()}` };
}

/** What Debian's own nginx.conf says around a site, in a folder of this test's own. */
const around = `
daemon off;
worker_processes 1;
${getuid?.() === 0 ? 'user root;' : ''}
pid nginx.pid;
error_log stderr info;
events {}
http {
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  access_log access.log;
  proxy_bind ${proxyAddress};
  include twofold.conf;
}
`;

interface Place extends Front {
  readonly folder: string;
  readonly upstream: string;
}

/** config/nginx.example.conf with the names, ports and paths of this test and nothing else changed. */
async function serverBlocks({ origin, port, plainPort, folder, upstream }: Place): Promise<string> {
  const changes = {
    'https://login.example.com$request_uri': `${origin}$request_uri`,
    '/etc/ssl/login.example.com/': `${folder}/`,
    'server_name login.example.com;': 'server_name localhost;',
    'server 127.0.0.1:3000;': `server 127.0.0.1:${new URL(upstream).port};`,
    'listen 80;': `listen 127.0.0.1:${plainPort};`,
    'listen 443 ssl;': `listen 127.0.0.1:${port} ssl;`,
  };
  let text = await readFile(new URL('../../config/nginx.example.conf', import.meta.url), 'utf8');
  for (const [given, here] of Object.entries(changes)) {
    if (!text.includes(given)) throw new Error(`config/nginx.example.conf no longer says ${given}`);
    text = text.replaceAll(given, () => here);
  }
  return text;
}

/** The shell ends nginx as soon as its own input is closed: by us, or by the death of the process that runs the test. */
const untilInputEnds = '"$@" & read -r _; kill "$!"; wait';

async function run(t: Ending, folder: string, port: number): Promise<readonly string[]> {
  const nginx = env.TWOFOLD_NGINX;
  if (!nginx) throw new Error('TWOFOLD_NGINX is not set: run these tests by `npm test`, which brings an nginx.');
  const args = ['-c', untilInputEnds, 'sh', nginx, '-p', folder, '-c', join(folder, 'nginx.conf')];
  const child = spawn('sh', args, { stdio: ['pipe', 'ignore', 'pipe'] });
  const stderr: string[] = [];
  child.stderr.on('data', (chunk) => stderr.push(String(chunk)));
  t.after(async () => {
    const ended = once(child, 'close');
    child.stdin.end();
    await ended;
    await rm(folder, { recursive: true, force: true });
  });
  for (const deadline = Date.now() + startLimitMs; !(await listens(port)); await pause(20)) {
    if (Date.now() > deadline || /\[emerg\]/.test(stderr.join(''))) throw new Error(`nginx: ${stderr.join('')}`);
  }
  return stderr;
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

let made: Promise<{ readonly key: string; readonly cert: string }> | undefined;

/** One for the whole process, whose own requests believe it from then on and check the host's name as ever. */
function certificate(): Promise<{ readonly key: string; readonly cert: string }> {
  made ??= generate([{ name: 'commonName', value: 'localhost' }], { keyType: 'ec' }).then(({ private: key, cert }) => {
    setDefaultCACertificates([...getCACertificates('default'), cert]);
    return { key, cert };
  });
  return made;
}
