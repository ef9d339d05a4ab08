"""Failures are counted in one place for all processes."""

from django.db import migrations, models

from foundation import rls


class Migration(migrations.Migration):
    dependencies = [("foundation", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="FailureCount",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("count", models.IntegerField()),
                ("since", models.DateTimeField()),
            ],
            options={"db_table": "failure_count"},
        ),
        # No tenant owns a failure: nobody has signed in yet. What is kept are hashes.
        rls.grant("failure_count", app="SELECT, INSERT, UPDATE, DELETE", worker="SELECT, DELETE", reader=""),
    ]
