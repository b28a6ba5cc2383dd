package io.penstock.router.disaggregate;

import io.netty.util.concurrent.Future;
import io.penstock.proxy.api.LegAnswer;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.router.request.AnswerFields;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What became of one prefill. Threading: immutable. */
sealed interface Prefilled {

    String DATA = "data:";

    /** It is done; {@code params} tell decode where, if the protocol has such. */
    record Done(@Nullable String params) implements Prefilled {}

    /** The request is one that no engine takes: its client is told so. */
    record Refused(LegAnswer answer) implements Prefilled {}

    /** It came to nothing. */
    record Failed(PrefillFault fault) implements Prefilled {}

    /** Judges how a leg ended. */
    static Prefilled of(Future<LegAnswer> leg, boolean wantsParams) {
        if (leg.isSuccess()) {
            return of(leg.getNow(), wantsParams);
        }
        return new Failed(leg.cause() instanceof ProxyFailure why ? PrefillFault.of(why) : PrefillFault.RESET);
    }

    /**
     * Judges an answer.
     *
     * @param wantsParams whether it has to say where the KV cache is
     */
    static Prefilled of(LegAnswer answer, boolean wantsParams) {
        int status = answer.status();
        if (status == 400 || status == 413 || status == 422) {
            return new Refused(answer);
        }
        if (status < 200 || status > 299) {
            return new Failed(PrefillFault.STATUS);
        }
        if (!answer.whole()) {
            return wantsParams ? new Failed(PrefillFault.UNREADABLE) : new Done(null);
        }
        try {
            return read(json(answer.body()), wantsParams);
        } catch (ProxyFailure notJson) {
            return wantsParams ? new Failed(PrefillFault.UNREADABLE) : new Done(null);
        }
    }

    /** The body, or the data of its first event if it is a stream of them. */
    private static byte[] json(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        if (!text.startsWith(DATA)) {
            return body;
        }
        int end = text.indexOf('\n');
        return text.substring(DATA.length(), end < 0 ? text.length() : end).getBytes(StandardCharsets.UTF_8);
    }

    private static Prefilled read(byte[] json, boolean wantsParams) throws ProxyFailure {
        AnswerFields fields = AnswerFields.of(json);
        if (fields.isError()) {
            return new Failed(PrefillFault.ERROR_IN_200);
        }
        return wantsParams && fields.kvTransferParams() == null
                ? new Failed(PrefillFault.NO_PARAMETERS)
                : new Done(fields.kvTransferParams());
    }
}
