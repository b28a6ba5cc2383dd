package io.penstock.router.simulate;

import io.penstock.proxy.runtime.LoopConfined;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The blocks of prompts whose keys and values the engine still holds, least recently used out first. Answers are not
 * cached, only prompts. Threading: loop-confined. Never holds more than its capacity.
 */
@LoopConfined
final class PrefixCache {

    private final LinkedHashMap<Long, Boolean> blocks;

    PrefixCache(int capacity) {
        this.blocks = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
                return size() > capacity;
            }
        };
    }

    /**
     * Takes the prompt's blocks in.
     *
     * @return how many of its tokens were there before; at least one token is always computed anew, as in vLLM
     */
    int enter(PromptTokens prompt) {
        int known = 0;
        boolean unbroken = true;
        for (long block : prompt.blocks()) {
            unbroken &= blocks.put(block, Boolean.TRUE) != null;
            known += unbroken ? 1 : 0;
        }
        int most = Math.max(0, prompt.count() - 1) / PromptTokens.BLOCK;
        return Math.min(known, most) * PromptTokens.BLOCK;
    }
}
