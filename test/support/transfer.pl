#!/usr/bin/perl
# One TCP transfer with a checksum taken at each end. In Perl, because it also runs in guests, where Node would take
# seconds to start.
#   transfer.pl receive PORT SECONDS                    prints: OCTETS SHA256
#   transfer.pl send ADDRESS PORT OCTETS SECONDS        prints the same
# The sender's port is PORT + 500: a port the kernel picks could be one that a packet dissector takes for some protocol.
use strict;
use warnings;
use Digest::SHA;
use Socket;

my ($role, @arguments) = @ARGV;
my $digest = Digest::SHA->new(256);
my $octets = 0;

if ($role eq 'receive') {
  my ($port, $seconds) = @arguments;
  limit($seconds);
  socket(my $listener, PF_INET, SOCK_STREAM, 0) or die "socket: $!\n";
  setsockopt($listener, SOL_SOCKET, SO_REUSEADDR, 1);
  bind($listener, sockaddr_in($port, INADDR_ANY)) or die "bind: $!\n";
  listen($listener, 1) or die "listen: $!\n";
  accept(my $peer, $listener) or die "accept: $!\n";
  while (my $got = sysread($peer, my $chunk, 65536)) {
    $digest->add($chunk);
    $octets += $got;
  }
}
else {
  my ($address, $port, $wanted, $seconds) = @arguments;
  limit($seconds);
  my $peer = dial($address, $port);
  # Every block differs from every other: a block lost, doubled or moved changes the checksum.
  my $filler = join '', map { chr int rand 256 } 1 .. 16380;
  for (my $number = 0 ; $octets < $wanted ; $number++) {
    my $block = substr(pack('N', $number) . $filler, 0, $wanted - $octets);
    $digest->add($block);
    $octets += length $block;
    while (length $block) {
      my $sent = syswrite($peer, $block) or die "write: $!\n";
      substr($block, 0, $sent) = '';
    }
  }
  shutdown($peer, 1);
  # The other side closes when it has read all: its end of file is our receipt.
  sysread($peer, my $nothing, 1);
}
print "$octets ", $digest->hexdigest, "\n";

sub dial {
  my ($address, $port) = @_;
  for (1 .. 100) {
    socket(my $peer, PF_INET, SOCK_STREAM, 0) or die "socket: $!\n";
    setsockopt($peer, SOL_SOCKET, SO_REUSEADDR, 1);
    bind($peer, sockaddr_in($port + 500, INADDR_ANY)) or die "bind: $!\n";
    return $peer if connect($peer, sockaddr_in($port, inet_aton($address)));
    select undef, undef, undef, 0.05;    # the receiver may not listen yet
  }
  die "connect to $address:$port: $!\n";
}

sub limit {
  my ($seconds) = @_;
  $SIG{ALRM} = sub { die "not done after $seconds s: $octets octets\n" };
  alarm $seconds;
}
