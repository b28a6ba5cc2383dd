package io.penstock.router.access;

/**
 * A token that is not taken. The message is the reason as the end of a sentence that begins with "The token". No stack
 * trace, as anybody can cause it. Threading: immutable.
 */
final class TokenRefused extends Exception {

    TokenRefused(String why) {
        super(why, null, false, false);
    }

    String why() {
        return String.valueOf(getMessage());
    }
}
