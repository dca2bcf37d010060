// A device with one VLAN of a cable (IEEE 802.1Q), for kernels that can make none: a TAP, and a program that puts the tag into
// what leaves and takes it out of what comes.

import type { Namespace } from './namespace.ts';
import type { Background } from './process.ts';

/** The priority of all that leaves. */
export const PRIORITY = 3;

const TAGGER = `
import fcntl, os, select, socket, struct, sys
cable, vlan, device = sys.argv[1], int(sys.argv[2]), sys.argv[3]
tap = os.open('/dev/net/tun', os.O_RDWR)
fcntl.ioctl(tap, 0x400454ca, struct.pack('16sH22x', device.encode(), 0x1002))  # TUNSETIFF: IFF_TAP, IFF_NO_PI
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
wire.setsockopt(263, 8, 1)  # PACKET_AUXDATA: Linux takes the tag out, and tells it beside the frame
wire.setsockopt(263, 23, 1)  # PACKET_IGNORE_OUTGOING
wire.bind((cable, 3))
print('ready', flush=True)
while True:
    ready, _, _ = select.select([wire, tap], [], [])
    if wire in ready:
        frame, auxiliary, *_ = wire.recvmsg(65536, 256)
        for _, _, data in auxiliary:
            status, tag = struct.unpack('I12xH', data[:18])
            if status & 0x10 and tag & 0xfff == vlan: os.write(tap, frame)
    if tap in ready:
        frame = os.read(tap, 65536)
        wire.send(frame[:12] + struct.pack('!HH', 0x8100, ${PRIORITY} << 13 | vlan) + frame[12:])
`;

export async function addVlan(
  namespace: Namespace,
  cable: string,
  vlan: number,
  device: string,
  cidr: string,
): Promise<Background> {
  const tagger = namespace.start(['python3', '-c', TAGGER, cable, String(vlan), device]);
  await tagger.said(/ready/, 5000);
  namespace.quiet(device);
  namespace.ip(`addr add ${cidr} dev ${device}`);
  namespace.ip(`link set ${device} up`);
  return tagger;
}
