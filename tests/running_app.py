"""The product as its users run it: `./datamind run`, a process of its own."""

from collections.abc import Mapping

from stack.product import App, image_content

__all__ = ["RunningApp", "image_content"]


class RunningApp(App):
    """The app on a free port with an empty `home`; settings are given as DATAMIND_TODAY="…".

    It sees no setting of the machine and no .env: its working folder holds what the image holds
    (.dockerignore tells), its environment what is named and what is given.
    """

    def __init__(self, **settings: str) -> None:
        super().__init__(**settings)

    def prepare(self) -> None:
        self.home = self.folder / "var"
        super().prepare()

    def environment(self) -> Mapping[str, str]:
        return {"DATAMIND_HOME": str(self.home), **super().environment()}
