#!/usr/bin/perl
# Between a pppd and its pptp: makes MPPE stateful. A pppd asks for stateless MPPE even when it may be stateful, and grants
# what it is asked, so that two of them never agree on stateful by themselves. This answers every CCP Configure-Request that
# asks for stateless, whichever end it comes from, with the Configure-Nak of a peer that wants stateful (RFC 3078 §2.1).
#   pppd pty "stateful.pl pptp SERVER --nolaunchpppd" mppe-stateful ...
use strict;
use warnings;
use Socket;

my @table = map { my $sum = $_; $sum = $sum & 1 ? ($sum >> 1) ^ 0x8408 : $sum >> 1 for 1 .. 8; $sum } 0 .. 255;

socketpair(my $near, my $far, PF_UNIX, SOCK_STREAM, 0) or die "socketpair: $!\n";
my $child = fork // die "fork: $!\n";
if ($child == 0) {
  open STDIN, '<&', $far;
  open STDOUT, '>&', $far;
  exec @ARGV;
  exit 127;
}
close $far;
$SIG{TERM} = sub { kill TERM => $child; exit 0 };

my @ends = ({ in => \*STDIN, out => \*STDOUT, rest => '' }, { in => $near, out => $near, rest => '' });
while (1) {
  my $ready = '';
  vec($ready, fileno $_->{in}, 1) = 1 for @ends;
  select($ready, undef, undef, undef) > 0 or next;
  for my $index (0, 1) {
    my ($from, $to) = @ends[$index, 1 - $index];
    next unless vec $ready, fileno $from->{in}, 1;
    sysread $from->{in}, my $octets, 16384 or exit 0;
    $from->{rest} .= $octets;
    my ($onward, $back) = ('', '');
    # A frame of RFC 1662 §4, between flags, as it was escaped.
    while ($from->{rest} =~ s/^([^\x7e]*)\x7e//) {
      my $frame = $1;
      next if $frame eq '';
      my $answer = length $frame < 64 ? nak_of($frame) : undef;
      if (defined $answer) { $back .= $answer }
      else { $onward .= "\x7e$frame\x7e" }
    }
    put($to->{out}, $onward);
    put($from->{out}, $back);
  }
}

# Address and control (perhaps), protocol 80FD, Configure-Request, identifier, length, option 18 with its H bit, FCS.
sub nak_of {
  (my $plain = $_[0]) =~ s/\x7d(.)/$1 ^ "\x20"/gse;
  return undef unless $plain =~ /^((?:\xff\x03)?\x80\xfd)\x01(...\x12\x06)(.)(...)..$/s && ord($3) & 1;
  my $nak = "$1\x03$2" . chr(ord($3) & ~1) . $4;
  my $sum = 0xffff;
  $sum = ($sum >> 8) ^ $table[($sum ^ $_) & 255] for unpack 'C*', $nak;
  $nak .= pack 'v', $sum ^ 0xffff;
  $nak =~ s/([\x00-\x1f\x7d\x7e])/"\x7d" . ($1 ^ "\x20")/gse;
  return "\x7e$nak\x7e";
}

sub put {
  my ($handle, $octets) = @_;
  while (length $octets) {
    my $written = syswrite $handle, $octets or exit 0;
    substr($octets, 0, $written) = '';
  }
}
