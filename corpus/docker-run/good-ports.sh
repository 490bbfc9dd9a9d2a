docker run -p 53:53/udp -p 53:53/tcp -p '[::1]:8443:443' -p 7000-7002:7000-7002 -p 9000 -p 5000:5000/sctp \
  --expose 9100 --ip 172.20.0.7 --network=front coredns/coredns:1.11
