#!/usr/bin/perl
# Types commands at l2tpns's telnet console, each when the prompt is there, and prints the dialogue.
#   l2tpns-console.pl COMMAND...
use strict;
use warnings;
use Socket;

use constant { PORT => 23, SECONDS => 10 };

$SIG{ALRM} = sub { die "no prompt\n" };
alarm SECONDS;
socket(my $console, PF_INET, SOCK_STREAM, 0) or die "socket: $!\n";
connect($console, sockaddr_in(PORT, INADDR_LOOPBACK)) or die "connect: $!\n";
for my $command (@ARGV) {
  await_prompt();
  # Not "\r\n": the line feed would count as an empty command.
  syswrite $console, "$command\r";
}
await_prompt();

sub await_prompt {
  my $heard = '';
  while ($heard !~ /[>#] $/) {
    sysread($console, my $text, 4096) or die "it hung up\n";
    print $text;
    $heard .= $text;
  }
}
