#!/bin/sh
# In a guest: puts the configuration that the host left in /share in place and starts xl2tpd. Its log is /share/xl2tpd.log,
# pppd's is /share/pppd.log; /share/ppp-up holds "INTERFACE LOCAL REMOTE" while IPCP is open.
set -e
cp /share/xl2tpd.conf /share/l2tp-secrets /etc/xl2tpd/
cp /share/options.ppp /etc/ppp/options.ppp
cp /share/secrets /etc/ppp/chap-secrets
cp /share/secrets /etc/ppp/pap-secrets
chmod 600 /etc/ppp/*-secrets /etc/xl2tpd/l2tp-secrets
# What Debian has in these is not for us.
: >/etc/ppp/options
rm -f /etc/ppp/ip-pre-up /etc/ppp/ipv6-up /etc/ppp/ipv6-down

# pppd calls these with: interface, tty, speed, local address, remote address.
cat >/etc/ppp/ip-up <<'HOOK'
#!/bin/sh
[ ! -e /share/routes ] || while read -r network; do ip route add "$network" dev "$1"; done </share/routes
echo "$1 $4 $5" >/share/ppp-up.new
mv /share/ppp-up.new /share/ppp-up
HOOK
cat >/etc/ppp/ip-down <<'HOOK'
#!/bin/sh
rm -f /share/ppp-up
HOOK
chmod 755 /etc/ppp/ip-up /etc/ppp/ip-down

exec xl2tpd -D -c /etc/xl2tpd/xl2tpd.conf -s /etc/xl2tpd/l2tp-secrets -p /run/xl2tpd.pid \
  -C /run/xl2tpd/l2tp-control >/share/xl2tpd.log 2>&1
