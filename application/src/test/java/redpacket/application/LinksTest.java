package redpacket.application;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.commonmark.ext.heading.anchor.IdGenerator;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.text.TextContentRenderer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every link of every page leads to an existing file or folder, and to an existing heading. Links to other sites are
 * only parsed, as tests run without a network.
 */
class LinksTest {
    private static final Parser MARKDOWN = Parser.builder().build();
    private static final Set<String> NOT_OURS = Set.of("target", ".git", "node_modules");

    static List<Path> pages() throws IOException {
        try (Stream<Path> all = Files.walk(Shipped.TOP)) {
            return all.filter(path -> path.toString().endsWith(".md"))
                    .filter(path -> Stream.iterate(path, Path::getParent)
                            .takeWhile(parent -> parent != null && parent.getFileName() != null)
                            .noneMatch(parent ->
                                    NOT_OURS.contains(parent.getFileName().toString())))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void shouldLeadToAnExistingTargetWhenALinkIsOnAPage(Path page) throws IOException {
        Set<String> broken = new TreeSet<>();
        for (String link : links(page)) {
            if (!leadsToTarget(page, link)) {
                broken.add(link);
            }
        }
        assertThat(broken).isEmpty();
    }

    private static boolean leadsToTarget(Path page, String link) throws IOException {
        URI uri = URI.create(link);
        if (uri.getScheme() != null) {
            return uri.getScheme().equals("https") && uri.getHost() != null;
        }
        Path target = uri.getPath().isEmpty() ? page : page.resolveSibling(uri.getPath());
        if (!Files.exists(target)) {
            return false;
        }
        return uri.getFragment() == null || anchors(target).contains(uri.getFragment());
    }

    private static List<String> links(Path page) throws IOException {
        List<String> links = new ArrayList<>();
        read(page).accept(new AbstractVisitor() {
            @Override
            public void visit(Link link) {
                links.add(link.getDestination());
                visitChildren(link);
            }

            @Override
            public void visit(Image image) {
                links.add(image.getDestination());
            }
        });
        return links;
    }

    private static Set<String> anchors(Path page) throws IOException {
        IdGenerator ids = IdGenerator.builder().build();
        Set<String> anchors = new HashSet<>();
        read(page).accept(new AbstractVisitor() {
            @Override
            public void visit(Heading heading) {
                anchors.add(ids.generateId(TextContentRenderer.builder().build().render(heading)));
            }
        });
        return anchors;
    }

    private static Node read(Path page) throws IOException {
        return MARKDOWN.parse(Files.readString(page));
    }
}
