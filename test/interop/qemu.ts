// A guest in QEMU, without acceleration: Debian's cloud kernel, which has the L2TPv3 that User-Mode Linux lacks (and lacks PPP).
// Its root is the host's, read-only, by virtiofs. Boots in five to ten seconds.

import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Needs } from '../support/requirement.ts';

/** Made by guest/l2tpv3-kernel.sh. */
const KERNEL = '/var/cache/vpdn-test/l2tpv3';
const VIRTIOFSD = '/usr/lib/qemu/virtiofsd';
const INIT = fileURLToPath(new URL('guest/init.pl', import.meta.url));

export const QEMU: Needs = {
  root: true,
  programs: ['perl', 'unshare', 'ethtool', 'qemu-system-x86_64'],
  files: [VIRTIOFSD, `${KERNEL}/initrd.gz`],
};

export const L2TPV3_MODULES = ['l2tp_netlink', 'l2tp_eth', 'l2tp_ip', 'l2tp_ip6'];

export interface QemuOptions {
  /** For sockets and the view of the host's root; `share` in it is the guest's `/share`. */
  base: string;
  tap: string;
  address: string;
  modules: readonly string[];
  mac: string;
}

/** To be run in mount and PID namespaces of its own. */
export function qemuCommand({ base, tap, address, modules, mac }: QemuOptions): string[] {
  const share = join(base, 'share');
  copyFileSync(INIT, join(share, 'init.pl'));
  const sockets = { root: join(base, 'root.sock'), share: join(base, 'share.sock') };
  const root = join(base, 'root');
  const serve = (socket: string, source: string, cache: string): string => {
    return `${VIRTIOFSD} --socket-path=${socket} -o source=${source} -o sandbox=chroot -o cache=${cache} >/dev/null 2>&1 &`;
  };
  const before = [
    `mkdir ${root} && mount --make-rprivate / && mount --bind / ${root} && mount -o remount,ro,bind ${root} || exit 1`,
    serve(sockets.root, root, 'auto'),
    serve(sockets.share, share, 'none'),
    `until [ -S ${sockets.root} ] && [ -S ${sockets.share} ]; do read -rt 0.02 <> <(:); done`,
    'exec "$@" </dev/null',
  ];
  const settings = [`VPDN_ADDRESS=${address}`, `VPDN_MODULES=${modules.join(',')}`, `VPDN_KERNEL=${KERNEL}/kernel`];
  const quick = 'nokaslr mitigations=off random.trust_cpu=on tsc=reliable no_timer_check audit=0';
  const qemu = [
    ...['qemu-system-x86_64', '-M', 'q35,usb=off,vmport=off,smbus=off', '-accel', 'tcg,thread=multi,tb-size=128'],
    ...['-cpu', 'max', '-smp', '1', '-m', MEMORY, '-nodefaults', '-no-user-config', '-no-reboot'],
    ...['-object', `memory-backend-memfd,id=mem,size=${MEMORY},share=on`, '-numa', 'node,memdev=mem'],
    ...['-display', 'none', '-serial', 'stdio', '-monitor', 'none'],
    ...['-kernel', `${KERNEL}/vmlinuz`, '-initrd', `${KERNEL}/initrd.gz`],
    ...['-append', `console=ttyS0 quiet loglevel=3 panic=-1 ${quick} VPDN_MACHINE=qemu ${settings.join(' ')}`],
    ...['-chardev', `socket,id=c0,path=${sockets.root}`, '-device', 'vhost-user-fs-pci,chardev=c0,tag=root'],
    ...['-chardev', `socket,id=c1,path=${sockets.share}`, '-device', 'vhost-user-fs-pci,chardev=c1,tag=share'],
    ...['-netdev', `tap,id=n0,ifname=${tap},script=no,downscript=no,vhost=off`],
    ...['-device', `virtio-net-pci,netdev=n0,mac=${mac},romfile=`],
  ];
  return ['bash', '-c', before.join('\n'), 'guest', ...qemu];
}

const MEMORY = '256M';
