#!/usr/bin/perl
# A static L2TPv3 Ethernet session in as few lines as will do: a tap, and IP protocol 115 or UDP (RFC 3931 §4.1). No code of
# ours is in it: what it and a guest's kernel agree on is what the harness can be trusted with.
# static-peer.pl TAP ip|udp LOCAL REMOTE LOCAL-SESSION REMOTE-SESSION LOCAL-COOKIE REMOTE-COOKIE SUBLAYER-OCTETS
use strict;
use warnings;
use Socket;

my ($tap, $transport, $local, $remote, $own, $theirs, $own_cookie, $their_cookie, $sublayer) = @ARGV;
use constant { TUNSETIFF => 0x400454ca, IFF_TAP_NO_PI => 0x1002, L2TP => 115, PORT => 1701, LARGEST => 65535 };
my ($over_ip, $port) = $transport eq 'ip' ? (1, 0) : (0, PORT);

open my $device, '+<', '/dev/net/tun' or die "tun: $!";
my $request = pack 'a16 S x22', $tap, IFF_TAP_NO_PI;
ioctl $device, TUNSETIFF, $request or die "$tap: $!";
socket my $wire, PF_INET, $over_ip ? SOCK_RAW : SOCK_DGRAM, $over_ip ? L2TP : 0 or die "socket: $!";
bind $wire, pack_sockaddr_in($port, inet_aton($local)) or die "bind: $!";
connect $wire, pack_sockaddr_in($port, inet_aton($remote)) or die "connect: $!";
$| = 1;
print "ready\n";

my $head = ($over_ip ? '' : pack 'n2', 3, 0) . pack('N H*', $theirs, $their_cookie) . "\0" x $sublayer;
my $expected = ($over_ip ? '' : pack 'n2', 3, 0) . pack('N H*', $own, $own_cookie);
my $rejected = 0;
for (;;) {
  my $ready = '';
  vec($ready, fileno $_, 1) = 1 for $device, $wire;
  select $ready, undef, undef, undef;
  if (vec $ready, fileno $device, 1) {
    sysread $device, my $frame, LARGEST;
    send $wire, $head . $frame, 0;
  }
  next unless vec $ready, fileno $wire, 1;
  defined recv $wire, my $packet, LARGEST, 0 or next;
  # A raw socket gives the IP header as well.
  $packet = substr $packet, 4 * (ord($packet) & 15) if $over_ip;
  if (index($packet, $expected) == 0) {
    syswrite $device, substr $packet, length($expected) + $sublayer;
  } elsif (!$rejected++) {
    print 'rejected ', unpack('H*', substr $packet, 0, 32), "\n";
  }
}
