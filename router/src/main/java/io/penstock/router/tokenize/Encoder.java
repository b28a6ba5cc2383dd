package io.penstock.router.tokenize;

/**
 * Text to ids and back in one call each, as a library does it: below {@link Tokenizer}, which cuts and remembers.
 *
 * <p>Threading: any thread, several at once. It never truncates and never pads, so no call changes what another one gets.
 */
interface Encoder {

    /** The ids of a text, in which half a surrogate pair counts as U+FFFD; {@code special} adds the tokens that the model expects around a text. */
    int[] encode(String text, boolean special);

    /** The tokens of a text as the vocabulary writes them. */
    String[] pieces(String text, boolean special);

    /** The text of some ids, special tokens included; ids that there are not are left out. */
    String decode(int[] ids);
}
