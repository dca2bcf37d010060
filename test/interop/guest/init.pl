#!/usr/bin/perl
# PID 1 of a guest, in User-Mode Linux or QEMU: mounts, modules, the network, then an agent that runs what the host asks for.
# The guest's root is the host's, read-only, under an overlay in memory: what is installed there is here, all of it can be
# written, and nothing written reaches the host but what goes to /share.
# In Perl with bare system calls (x86-64 numbers): a fork and exec costs some 36 ms in User-Mode Linux.
# The kernel hands words NAME=VALUE of its command line over as environment: VPDN_SHARE, VPDN_ADDRESS, VPDN_MODULES; in QEMU,
# where the initramfs has made the overlay and mounted /share, VPDN_MACHINE and VPDN_KERNEL, the folder of the modules.
use strict;
use warnings;
use POSIX ':sys_wait_h';

use constant {
  MOUNT => 165,
  FINIT_MODULE => 313,
  MS_MOVE => 8192,
  POLL_SECONDS => 0.02,
};

$| = 1;
my $qemu = ($ENV{VPDN_MACHINE} // '') eq 'qemu';
my $interface = $qemu ? 'eth0' : 'vec0';
enter_overlay() unless $qemu;
my $release = read_release();
prepare_system($release);
bring_up_network($ENV{VPDN_ADDRESS});
write_file('/share/ready', '');
serve();

# hostfs cannot be written (and must not): overlayfs, a module loaded from it, puts a tmpfs on top.
sub enter_overlay {
  attach('proc', '/proc', 'proc');
  my $release = read_release();
  my $path = "/usr/lib/uml/modules/$release/kernel/fs/overlayfs/overlay.ko";
  open my $module, '<', $path or die "$path: $!";
  my $options = '';
  syscall(FINIT_MODULE, fileno $module, $options, 0) == 0 or complain("overlay.ko: $!");
  attach('tmpfs', '/mnt', 'tmpfs');
  mkdir "/mnt/$_" for qw(upper work root);
  attach('overlay', '/mnt/root', 'overlay', 0, 'lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work');
  attach('/proc', '/mnt/root/proc', '', MS_MOVE);
  attach('devtmpfs', '/mnt/root/dev', 'devtmpfs');
  chdir '/mnt/root' and chroot '.' and chdir '/' or die "chroot: $!";
}

sub read_release {
  open my $version, '<', '/proc/sys/kernel/osrelease' or die "osrelease: $!";
  chomp(my $release = <$version>);
  return $release;
}

sub prepare_system {
  my ($release) = @_;
  attach('sysfs', '/sys', 'sysfs');
  attach('tmpfs', '/run', 'tmpfs');
  mkdir $_ for qw(/dev/pts /dev/shm /share /lib/modules /run/lock /run/xl2tpd);
  attach('devpts', '/dev/pts', 'devpts', 0, 'mode=620,ptmxmode=666');
  attach('tmpfs', '/dev/shm', 'tmpfs');
  attach('none', '/share', 'hostfs', 0, $ENV{VPDN_SHARE}) unless $qemu;
  symlink $qemu ? "$ENV{VPDN_KERNEL}/lib/modules/$release" : "/usr/lib/uml/modules/$release", "/lib/modules/$release";
  # The driver counts 64 KB for each packet that comes: three of them would fill the buffer of a raw socket, as pptpd has one.
  write_file('/proc/sys/net/core/rmem_default', 4 * 1024 * 1024);
  write_file('/proc/sys/kernel/hostname', 'guest');
  %ENV = (%ENV, PATH => '/usr/sbin:/usr/bin:/sbin:/bin', HOME => '/root', LANG => 'C.UTF-8');
  must('modprobe', '-a', split /,/, $ENV{VPDN_MODULES}) if $ENV{VPDN_MODULES};
}

sub bring_up_network {
  my ($address) = @_;
  my $device = $interface;
  write_file("/proc/sys/net/ipv6/conf/$device/disable_ipv6", '1') if -e '/proc/sys/net/ipv6';
  write_file('/run/network', "link set lo up\naddr add $address dev $device\nlink set $device up\n");
  must('ip', '-batch', '/run/network');
  # Opening the device turns segmentation offload on: this must come after.
  must('ethtool', '-K', $device, qw(tso off gso off sg off));
}

# The agent. The host puts /share/ID.command in place by rename; the output goes to ID.stdout and ID.stderr, and when the
# command has ended its status to ID.status, by rename as well. Plain files, because sockets and FIFOs do not reach
# through hostfs. Commands run side by side.
sub serve {
  my (%seen, %running);
  for (;;) {
    opendir my $folder, '/share' or die "/share: $!";
    for my $file (grep { /^\d+\.command$/ && !$seen{$_}++ } readdir $folder) {
      my ($id) = $file =~ /^(\d+)/;
      my $child = fork // die "fork: $!";
      run_command($id) if $child == 0;
      $running{$child} = $id;
    }
    closedir $folder;
    # Orphans are ours as well: reap all, report those we know.
    while ((my $ended = waitpid -1, WNOHANG) > 0) {
      my $id = delete $running{$ended} // next;
      my $status = $? & 127 ? 128 + ($? & 127) : $? >> 8;
      write_file("/share/$id.status.new", "$status\n");
      rename "/share/$id.status.new", "/share/$id.status";
    }
    select undef, undef, undef, POLL_SECONDS;
  }
}

sub run_command {
  my ($id) = @_;
  chdir '/root';
  POSIX::setsid();
  open STDIN, '<', '/dev/null';
  open STDOUT, '>', "/share/$id.stdout" or die;
  open STDERR, '>', "/share/$id.stderr" or die;
  exec '/bin/sh', "/share/$id.command";
  exit 127;
}

sub attach {
  my ($source, $target, $type, $flags, $data) = @_;
  $flags //= 0;
  $data //= '';
  syscall(MOUNT, $source, $target, $type, $flags, $data) == 0 or complain("mount $target: $!");
}

sub must {
  system(@_) == 0 or complain("@_: status $?");
}

sub write_file {
  my ($path, $text) = @_;
  open my $file, '>', $path or return complain("$path: $!");
  print $file $text;
  close $file;
}

# The console is what the host shows when a boot fails.
sub complain {
  print "init: @_\n";
}
