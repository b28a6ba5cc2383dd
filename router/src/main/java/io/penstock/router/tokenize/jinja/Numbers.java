package io.penstock.router.tokenize.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * Python's numbers: ints without bounds ({@code Long}, and {@code BigInteger} only where they do not fit), floats, and bools as 0 and 1.
 *
 * <p>Threading: pure functions.
 */
final class Numbers {

    /** More bits than any template needs, few enough to be quick. */
    private static final int MOST_BITS = 20_000;

    private static final BigInteger MIN_LONG = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MAX_LONG = BigInteger.valueOf(Long.MAX_VALUE);

    private Numbers() {}

    /** An int in its one form. */
    static Object integer(BigInteger value) {
        if (value.bitLength() > MOST_BITS) {
            throw new TemplateException(TemplateException.Kind.LIMIT, 0, "an int is too large");
        }
        return value.compareTo(MIN_LONG) >= 0 && value.compareTo(MAX_LONG) <= 0 ? (Object) value.longValue() : value;
    }

    static BigInteger big(Object integer) {
        if (integer instanceof BigInteger big) {
            return big;
        }
        return integer instanceof Boolean flag
                ? (flag ? BigInteger.ONE : BigInteger.ZERO)
                : BigInteger.valueOf((Long) integer);
    }

    static double real(Object number) {
        if (number instanceof Double real) {
            return real;
        }
        double real = big(number).doubleValue();
        if (Double.isInfinite(real)) {
            throw TemplateException.runtime("an int is too large for a float");
        }
        return real;
    }

    static int signum(Object number) {
        return number instanceof Double real
                ? (real > 0 || Double.isNaN(real) ? 1 : real < 0 ? -1 : 0)
                : big(number).signum();
    }

    static Object add(Object a, Object b) {
        if (a instanceof Long x && b instanceof Long y) {
            long sum = x + y;
            if (((x ^ sum) & (y ^ sum)) >= 0) {
                return sum;
            }
        }
        return reals(a, b) ? (Object) (real(a) + real(b)) : integer(big(a).add(big(b)));
    }

    static Object subtract(Object a, Object b) {
        return reals(a, b) ? (Object) (real(a) - real(b)) : integer(big(a).subtract(big(b)));
    }

    static Object multiply(Object a, Object b) {
        return reals(a, b) ? (Object) (real(a) * real(b)) : integer(big(a).multiply(big(b)));
    }

    static Object divide(Object a, Object b) {
        notZero(b);
        if (reals(a, b) || (big(a).bitLength() < 54 && big(b).bitLength() < 54)) {
            return real(a) / real(b);
        }
        return new BigDecimal(big(a))
                .divide(new BigDecimal(big(b)), new java.math.MathContext(40, RoundingMode.HALF_EVEN))
                .doubleValue();
    }

    static Object floorDivide(Object a, Object b) {
        notZero(b);
        if (reals(a, b)) {
            double remainder = (Double) modulo(a, b);
            double quotient = (real(a) - remainder) / real(b);
            return Math.abs(quotient - Math.rint(quotient)) < 0.5 ? Math.rint(quotient) : Math.floor(quotient);
        }
        BigInteger[] parts = big(a).divideAndRemainder(big(b));
        boolean down = parts[1].signum() != 0 && parts[1].signum() != big(b).signum();
        return integer(down ? parts[0].subtract(BigInteger.ONE) : parts[0]);
    }

    static Object modulo(Object a, Object b) {
        notZero(b);
        if (reals(a, b)) {
            double remainder = real(a) % real(b);
            if (remainder == 0) {
                return Math.copySign(0.0, real(b));
            }
            return (remainder < 0) == (real(b) < 0) ? remainder : remainder + real(b);
        }
        BigInteger remainder = big(a).mod(big(b).abs());
        return integer(remainder.signum() != 0 && big(b).signum() < 0 ? remainder.add(big(b)) : remainder);
    }

    static Object power(Object a, Object b) {
        if (reals(a, b) || signum(b) < 0) {
            if (signum(a) == 0 && signum(b) < 0) {
                throw TemplateException.runtime("0 cannot be raised to a negative power");
            }
            double power = Math.pow(real(a), real(b));
            if (Double.isNaN(power) && !Double.isNaN(real(a)) && !Double.isNaN(real(b))) {
                throw TemplateException.runtime("this power is not a real number");
            }
            if (Double.isInfinite(power) && !Double.isInfinite(real(a)) && !Double.isInfinite(real(b))) {
                throw TemplateException.runtime("this power is too large for a float");
            }
            return power;
        }
        if ((long) big(a).bitLength() * big(b).min(MAX_LONG).longValue() > 2L * MOST_BITS && big(a).bitLength() > 1) {
            throw new TemplateException(TemplateException.Kind.LIMIT, 0, "an int is too large");
        }
        return integer(big(a).bitLength() <= 1 ? smallPower(big(a), big(b)) : big(a).pow(big(b).intValueExact()));
    }

    /** Of 0, 1, -1 and -2, whose exponents may be of any size. */
    private static BigInteger smallPower(BigInteger a, BigInteger b) {
        if (b.signum() == 0) {
            return BigInteger.ONE;
        }
        if (a.abs().equals(BigInteger.ONE)) {
            return a.signum() < 0 && b.testBit(0) ? a : BigInteger.ONE;
        }
        return a.signum() == 0
                ? a
                : a.pow(b.min(BigInteger.valueOf(2L * MOST_BITS)).intValueExact());
    }

    static Object negate(Object a) {
        return a instanceof Double real ? (Object) (-real) : integer(big(a).negate());
    }

    static Object positive(Object a) {
        return a instanceof Double ? a : integer(big(a));
    }

    /** Exactly, as Python compares ints and floats; nothing is before or after a NaN. */
    static int compare(Object a, Object b) {
        if (a instanceof Double x && b instanceof Double y) {
            return x < y ? -1 : x > y ? 1 : 0;
        }
        if (infinite(a)) {
            return real(a) > 0 ? 1 : -1;
        }
        if (infinite(b)) {
            return real(b) > 0 ? -1 : 1;
        }
        return exact(a).compareTo(exact(b));
    }

    static boolean isNan(Object number) {
        return number instanceof Double real && Double.isNaN(real);
    }

    private static boolean infinite(Object number) {
        return number instanceof Double real && Double.isInfinite(real);
    }

    static BigDecimal exact(Object number) {
        return number instanceof Double real ? new BigDecimal(real) : new BigDecimal(big(number));
    }

    private static boolean reals(Object a, Object b) {
        return a instanceof Double || b instanceof Double;
    }

    private static void notZero(Object divisor) {
        if (signum(divisor) == 0) {
            throw TemplateException.runtime("division by zero");
        }
    }
}
