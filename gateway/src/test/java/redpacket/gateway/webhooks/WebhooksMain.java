package redpacket.gateway.webhooks;

import picocli.CommandLine;

/** The command in a process of its own, which a test can kill. */
final class WebhooksMain {
    private WebhooksMain() {}

    public static void main(String... arguments) {
        System.exit(new CommandLine(new WebhooksCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }
}
