package redpacket.options;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The values that an option may have: a whole number, or a duration with its unit. {@link Ranges} checks them. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
public @interface Range {
    /** As on the command line. */
    String least();

    /** As on the command line. */
    String most();

    /** One more value, with a meaning of its own. */
    String or() default "";
}
