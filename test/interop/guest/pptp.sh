#!/bin/sh
# In a guest: one PPTP end. Its log, with what pppd says of it, is /share/NAME.log; /share/NAME.up holds "INTERFACE LOCAL REMOTE"
# while IPCP is open; /run/NAME.pid has its process.
#   pptp.sh client NAME SERVER [WRAPPER]   one call of pptp-linux with the pppd options in /share/NAME.options; ends with the call
#   pptp.sh server NAME                    pptpd with /share/NAME.conf, /share/NAME.options and /share/NAME.secrets
# As few programs as can be: starting one takes 36 ms here.
role=$1 name=$2 server=$3 wrapper=$4
echo $$ >"/run/$name.pid"
rm -f "/share/$name.up"
umask 022
# What Debian has in these is not for us.
: >/etc/ppp/options

# pppd calls these with: interface, tty, speed, local address, remote address, ipparam.
printf '#!/bin/sh\necho "$1 $4 $5" >"/share/$6.up.new"; mv "/share/$6.up.new" "/share/$6.up"\n' >/etc/ppp/ip-up
printf '#!/bin/sh\nrm -f "/share/$6.up"\n' >/etc/ppp/ip-down
chmod 755 /etc/ppp/ip-up /etc/ppp/ip-down
rm -f /etc/ppp/ip-pre-up /etc/ppp/ipv6-up /etc/ppp/ipv6-down

# Both know no other place to log to than syslog's.
if [ ! -S /dev/log ]; then
  perl -MSocket -e 'socket(my $log, PF_UNIX, SOCK_DGRAM, 0); bind($log, sockaddr_un("/dev/log")) or die "log: $!";
    while (defined recv($log, my $line, 8192, 0)) { open(my $file, ">>", "/share/syslog.log"); print $file "$line\n"; close $file }' &
  while [ ! -S /dev/log ]; do read -r _ </proc/uptime; done
fi

case $role in
client)
  exec pppd pty "$wrapper pptp $server --nolaunchpppd --nohostroute --loglevel 1" \
    file "/share/$name.options" ipparam "$name" logfile "/share/$name.log" nodetach >>"/share/$name.log" 2>&1
  ;;
server)
  (umask 077 && cp "/share/$name.secrets" /etc/ppp/chap-secrets)
  exec pptpd -f -c "/share/$name.conf" -o "/share/$name.options" >>"/share/$name.log" 2>&1
  ;;
esac
