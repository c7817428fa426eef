/**
 * The peer of the upload benchmarks: nginx taking the same bodies by WebDAV PUT, one worker, keep-alive, no log.
 *
 * It spools each body to a file and renames it; it does not wait for the disk. Nothing is signed, sealed or judged.
 * It keeps as many bodies a device as the service keeps backups: each new one takes the place of the oldest. (On ext4
 * a file in place of another costs several times a file where there was none.)
 */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../server/testing/free-port.ts';
import { startGuarded } from '../../server/testing/guarded-process.ts';
import { answering } from './answering.ts';

export interface Nginx {
  readonly port: number;
  /** Where the next body of a device goes. */
  nextPath(deviceId: string): string;
  stop(): Promise<void>;
}

export interface Kept {
  readonly deviceIds: readonly string[];
  /** How many bodies of a device there are. */
  readonly each: number;
  readonly body: Uint8Array;
}

/** Starts it in `folder`, which must exist, over files as `kept` says. Errors: Error when it does not answer. */
export async function startNginx(folder: string, kept: Kept): Promise<Nginx> {
  const port = await freePort();
  const files = join(folder, 'files');
  await Promise.all([mkdir(files), mkdir(join(folder, 'spool'))]);
  for (const deviceId of kept.deviceIds) {
    await mkdir(join(files, deviceId));
    for (let slot = 0; slot < kept.each; slot += 1) await writeFile(join(files, deviceId, String(slot)), kept.body);
  }
  const configuration = join(folder, 'nginx.conf');
  const logFile = join(folder, 'nginx.log');
  await writeFile(configuration, configurationOf({ folder, files, port }));
  const running = await startGuarded(['nginx', '-p', folder, '-e', logFile, '-c', configuration], {
    signal: 'TERM',
    logFile,
  });
  await answering(port);
  const sent = new Map<string, number>();
  return {
    port,
    nextPath(deviceId) {
      const count = sent.get(deviceId) ?? 0;
      sent.set(deviceId, count + 1);
      return `/${deviceId}/${count % kept.each}`;
    },
    stop: () => running.stop(),
  };
}

/** Root's workers would change to a user who may not write here; the person who runs the benchmark stays. */
function configurationOf({ folder, files, port }: { folder: string; files: string; port: number }): string {
  return `daemon off;
worker_processes 1;
${process.getuid?.() === 0 ? 'user root;' : ''}
pid ${join(folder, 'nginx.pid')};
events { worker_connections 1024; }
http {
  access_log off;
  client_max_body_size 1m;
  client_body_temp_path ${join(folder, 'spool')};
  proxy_temp_path ${join(folder, 'proxy')};
  fastcgi_temp_path ${join(folder, 'fastcgi')};
  uwsgi_temp_path ${join(folder, 'uwsgi')};
  scgi_temp_path ${join(folder, 'scgi')};
  keepalive_requests 1000000000;
  keepalive_timeout 300s;
  server {
    listen 127.0.0.1:${port} backlog=1024;
    root ${files};
    location / { dav_methods PUT; create_full_put_path on; }
  }
}
`;
}
