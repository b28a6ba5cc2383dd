package io.penstock.router.discovery;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.util.NetUtil;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Records of the DNS to what they stand for. Threading: any thread. */
final class DnsRecords {

    private DnsRecords() {}

    /** One SRV record (RFC 2782); its weight is not used. */
    private record Service(int priority, DnsAnswer.Target target) {}

    /** The addresses among these, and the shortest of their TTLs. */
    static DnsAnswer addresses(List<DnsRecord> records) {
        List<DnsAnswer.Target> targets = new ArrayList<>();
        for (DnsRecord record : records) {
            if (record instanceof ByteBufHolder held && isAddress(record)) {
                byte[] address = new byte[held.content().readableBytes()];
                held.content().getBytes(held.content().readerIndex(), address);
                targets.add(new DnsAnswer.Target(NetUtil.bytesToIpAddress(address), 0));
            }
        }
        return new DnsAnswer(targets, ttl(records));
    }

    private static boolean isAddress(DnsRecord record) {
        return record.type().equals(DnsRecordType.A) || record.type().equals(DnsRecordType.AAAA);
    }

    /** The hosts and ports of the services among these, those of the first priority only. */
    static DnsAnswer services(List<DnsRecord> records) {
        List<Service> services = new ArrayList<>();
        for (DnsRecord record : records) {
            if (record instanceof ByteBufHolder held && record.type().equals(DnsRecordType.SRV)) {
                services.add(service(held.content().duplicate()));
            }
        }
        services.removeIf(service -> service.target().host().isEmpty());
        int first = services.stream().mapToInt(Service::priority).min().orElse(0);
        List<DnsAnswer.Target> targets = services.stream()
                .filter(service -> service.priority() == first)
                .map(Service::target)
                .toList();
        return new DnsAnswer(targets, ttl(records));
    }

    private static Service service(ByteBuf content) {
        int priority = content.readUnsignedShort();
        int unusedWeight = content.readUnsignedShort();
        int port = content.readUnsignedShort();
        String host = DefaultDnsRecordDecoder.decodeName(content);
        return new Service(priority, new DnsAnswer.Target(host.substring(0, host.length() - 1), port));
    }

    private static Duration ttl(List<DnsRecord> records) {
        return Duration.ofSeconds(
                records.stream().mapToLong(DnsRecord::timeToLive).min().orElse(0));
    }
}
