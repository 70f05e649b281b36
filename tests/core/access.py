"""Who gets which answer from the addresses of the core app."""

from tests.access import Row

ACCESS = {
    "core:home": Row((302, 200, 200, 200, 200, 200, 200, 200, 200)),
    "core:place-home": Row((302, 200, 200, 200, 200, 404, 404, 404, 404), lambda world: [world.branch.public_id]),
    "core:language-set": Row((302,) * 9, method="post", data={"language": "en"}),
    "core:text-size-set": Row((302,) * 9, method="post", data={"size": "large"}),
    "core:styleguide": Row((302, 200, 200, 200, 200, 200, 200, 200, 200)),
}
