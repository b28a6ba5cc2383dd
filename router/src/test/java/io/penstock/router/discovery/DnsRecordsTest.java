package io.penstock.router.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What records stand for. */
final class DnsRecordsTest {

    private static DnsRecord address(int ttl, int... bytes) {
        ByteBuf content = Unpooled.buffer();
        for (int each : bytes) {
            content.writeByte(each);
        }
        DnsRecordType type = bytes.length == 4 ? DnsRecordType.A : DnsRecordType.AAAA;
        return new DefaultDnsRawRecord("vllm.", type, ttl, content);
    }

    private static DnsRecord service(int priority, int port, String host) {
        ByteBuf content = Unpooled.buffer();
        content.writeShort(priority).writeShort(10).writeShort(port);
        for (String label : (host + ".").split("[.]", -1)) {
            content.writeByte(label.length()).writeCharSequence(label, StandardCharsets.US_ASCII);
        }
        return new DefaultDnsRawRecord("_http._tcp.vllm.", DnsRecordType.SRV, 30, content);
    }

    @Test
    void theShortestTimeOfAllAddressesHolds() {
        DnsAnswer answer = DnsRecords.addresses(
                List.of(address(30, 10, 0, 0, 1), address(5, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)));
        assertThat(answer)
                .isEqualTo(new DnsAnswer(
                        List.of(new DnsAnswer.Target("10.0.0.1", 0), new DnsAnswer.Target("fd00::1", 0)),
                        Duration.ofSeconds(5)));
    }

    @Test
    void onlyServicesOfTheFirstPriorityCountAndARootSaysThatThereIsNone() {
        DnsAnswer answer = DnsRecords.services(
                List.of(service(20, 1, "later.vllm"), service(10, 2, "a.vllm"), service(10, 3, "b.vllm")));
        assertThat(answer.targets())
                .containsExactly(new DnsAnswer.Target("a.vllm", 2), new DnsAnswer.Target("b.vllm", 3));
        assertThat(DnsRecords.services(List.of(service(0, 0, ""))).targets()).isEmpty();
    }
}
