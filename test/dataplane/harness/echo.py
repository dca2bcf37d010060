# Sends so many ICMP echo requests to an address, one every so many seconds, and prints how many were answered. Unlike
# ping, which leaves after two round trips, it waits for the last answers as long as anything may hold them up.
import select, socket, struct, sys, time

address, count, interval = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
PATIENCE = 1.5


def checksum(octets):
    total = sum(struct.unpack(f'!{len(octets) // 2}H', octets))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def request(number):
    payload = bytes(56)
    head = struct.pack('!BBHHH', 8, 0, 0, 0x7664, number)
    return struct.pack('!BBHHH', 8, 0, checksum(head + payload), 0x7664, number) + payload


icmp = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
answered = set()
sent, due = 0, time.monotonic()
while len(answered) < count:
    now = time.monotonic()
    if sent < count and now >= due:
        icmp.sendto(request(sent), (address, 0))
        sent, due = sent + 1, now + (interval if sent + 1 < count else PATIENCE)
    elif now >= due:
        break
    if select.select([icmp], [], [], max(0, due - time.monotonic()))[0]:
        packet, (source, _) = icmp.recvfrom(2048)
        kind, _, _, identifier, number = struct.unpack('!BBHHH', packet[20:28])
        if source == address and kind == 0 and identifier == 0x7664:
            answered.add(number)
print(len(answered))
