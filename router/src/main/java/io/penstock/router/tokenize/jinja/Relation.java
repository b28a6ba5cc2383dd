package io.penstock.router.tokenize.jinja;

import org.jspecify.annotations.Nullable;

/** How two values compare. Threading: immutable. */
enum Relation {
    EQUAL("=="),
    UNEQUAL("!="),
    LESS("<"),
    AT_MOST("<="),
    GREATER(">"),
    AT_LEAST(">="),
    IN("in"),
    NOT_IN("not in");

    private final String sign;

    Relation(String sign) {
        this.sign = sign;
    }

    static @Nullable Relation of(String sign) {
        for (Relation relation : values()) {
            if (relation.sign.equals(sign)) {
                return relation;
            }
        }
        return null;
    }

    boolean holds(Object left, Object right) {
        return switch (this) {
            case EQUAL -> Comparisons.equal(left, right);
            case UNEQUAL -> !Comparisons.equal(left, right);
            case IN -> Comparisons.contains(right, left);
            case NOT_IN -> !Comparisons.contains(right, left);
            default -> ordered(left, right);
        };
    }

    private boolean ordered(Object left, Object right) {
        int order = Comparisons.order(left, right);
        if (Numbers.isNan(left) || Numbers.isNan(right)) {
            return false;
        }
        return switch (this) {
            case LESS -> order < 0;
            case AT_MOST -> order <= 0;
            case GREATER -> order > 0;
            default -> order >= 0;
        };
    }
}
